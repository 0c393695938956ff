// Tells which fixtures and cases run, in which order; verify_test.py judges.
#include <isolite/gtest_main.hpp>

#include "told.hpp"

namespace {

class orders : public testing::Test {
  public:
    static void SetUpTestSuite() { tell("suite begins"); }
    static void TearDownTestSuite() { tell("suite ends"); }
};

} // namespace

TEST_F(orders, first) {
    tell("first");
}

TEST_F(orders, second) {
    tell("second");
}

TEST(others, other) {
    tell("other");
}
