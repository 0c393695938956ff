#include "slow_seed.hpp"

#include <isolite/doctest.hpp>

#include <doctest/doctest.h>

// Twelve tests, the first of which waits for the seed; summary_test.py reads the summary.

namespace {

template <int Number>
struct number {
    static constexpr int value = Number;
};

} // namespace

TEST_CASE_TEMPLATE("takes its time", Number, number<0>, number<1>, number<2>, number<3>, number<4>,
                   number<5>, number<6>, number<7>, number<8>, number<9>, number<10>, number<11>) {
    isolite::doc_test::session<slow_database> test;
    be_busy_for(std::chrono::milliseconds(Number::value % 3));
    CHECK(test.value<int>("SELECT 1") == 1);
}
