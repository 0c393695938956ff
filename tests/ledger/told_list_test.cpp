#include "ledger/told_list.hpp"
#include "text/packed.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace std::chrono_literals;
using isolite::records::fixture_kind;

TEST_CASE("what a worker tells of fixtures is what its parent adds up") {
    const std::string odd("a\0\n\xFF", 4);
    const std::vector<isolite::records::told_fixture> all = {
        {fixture_kind::own, odd, 3ms, 0, true},
        {fixture_kind::own, "", 1ms, 1, false},
        {fixture_kind::session_opened, "shop", 100ms, 0, true, 50, 7ms}};
    const auto told = isolite::text::unpacked<std::vector<isolite::records::told_fixture>>(
        isolite::text::packed(all));
    REQUIRE(told.size() == 3);
    CHECK(told[0].name == odd);
    CHECK_FALSE(told[1].in_case);
    isolite::records::account costs;
    isolite::records::add(costs, told, "orders/first");
    CHECK((costs.time_in_fixtures() == 103ms)); // that inside of another not again
    const auto fixtures = costs.fixtures();
    REQUIRE(fixtures.size() == 3);
    CHECK(fixtures[0].figures.count == 50);
    CHECK((fixtures[0].figures.max == 7ms));
    CHECK(costs.slowest_fixtures().sorted().front().what ==
          "session opened (shop) in orders/first");
}
