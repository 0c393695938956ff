// Empty cases of Catch2 for the benchmark `workers`, $BENCH_CASES of them.
#include "number_of.hpp"

#include <isolite/catch2_main.hpp>

#if __has_include(<catch2/catch_all.hpp>)
#    include <catch2/catch_all.hpp>
#endif

#include <deque>
#include <string>

namespace {

void empty_case() {
    CHECK(true);
}

const bool registered = [] {
    static std::deque<std::string> names;
    for (int i = 1; i <= bench::number_of("BENCH_CASES", 882); ++i) {
        names.push_back("case " + std::to_string(i));
        const Catch::SourceLineInfo place(__FILE__, static_cast<std::size_t>(i));
        Catch::AutoReg(Catch::makeTestInvoker(empty_case), place, Catch::StringRef(),
                       Catch::NameAndTags(names.back(), Catch::StringRef()));
    }
    return true;
}();

} // namespace
