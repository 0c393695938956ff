// Cases with names that a filter has to be written carefully for; names_test.py judges.
#include <isolite/gtest_main.hpp>

#include "fails_here.hpp"

TEST(Names, Simple) {
    EXPECT_FALSE(fails_here(0));
}

TEST(Names, SimpleAndMore) {
    EXPECT_FALSE(fails_here(1));
}

class Rows : public testing::TestWithParam<int> {};
TEST_P(Rows, Numbers) {
    EXPECT_FALSE(fails_here(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(Of, Rows, testing::Values(2, 3));

template <typename>
class Types : public testing::Test {};
struct type_names {
    template <typename Type>
    static std::string GetName(int number) {
        return number == 0 ? "std::pair<int, int>" : "a - b*";
    }
};
using all_types = testing::Types<int, long>;
TYPED_TEST_SUITE(Types, all_types, type_names);
TYPED_TEST(Types, Are) {
    EXPECT_FALSE(fails_here(sizeof(TypeParam) == sizeof(int) ? 4 : 5));
}

TEST(Names, DISABLED_LeftOut) {
    EXPECT_FALSE(fails_here(6));
}
