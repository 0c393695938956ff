// Empty cases of Boost.Test for the benchmark `workers`, $BENCH_CASES of them.
#define BOOST_TEST_MODULE workers
#include "number_of.hpp"

#include <isolite/boost_test_main.hpp>

#include <string>

namespace {

void empty_case() {
    BOOST_TEST(true);
}

const bool registered = [] {
    namespace unit_test = boost::unit_test;
    for (int i = 1; i <= bench::number_of("BENCH_CASES", 882); ++i) {
        unit_test::framework::master_test_suite().add(unit_test::make_test_case(
            empty_case, "case_" + std::to_string(i), __FILE__, static_cast<std::size_t>(i)));
    }
    return true;
}();

} // namespace
