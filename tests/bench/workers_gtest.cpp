// Empty cases of GoogleTest for the benchmark `workers`, $BENCH_CASES of them.
#include "number_of.hpp"

#include <isolite/gtest_main.hpp>

#include <string>

namespace {

struct empty_case : testing::Test {
    void TestBody() override { EXPECT_TRUE(true); }
};

const bool registered = [] {
    for (int i = 1; i <= bench::number_of("BENCH_CASES", 882); ++i) {
        testing::RegisterTest("cases", ("case_" + std::to_string(i)).c_str(), nullptr, nullptr,
                              __FILE__, i, []() -> testing::Test* { return new empty_case; });
    }
    return true;
}();

} // namespace
