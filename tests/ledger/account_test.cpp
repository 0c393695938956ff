#include "ledger/account_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace std::chrono_literals;
using isolite::records::account;
using isolite::records::fixture_kind;

namespace {

std::string text_of(const account& kept) {
    std::string text;
    for (const std::string& line : isolite::records::lines_of(kept)) {
        text += line + "\n";
    }
    return text;
}

} // namespace

TEST_CASE("a fixture has its count, sum, median, 95th percentile and maximum") {
    account kept;
    for (int i = 100; i > 0; --i) {
        kept.add({fixture_kind::own, "index", i * 1ms}, "");
    }
    const auto fixtures = kept.fixtures();
    REQUIRE(fixtures.size() == 1);
    CHECK(fixtures[0].name == "index");
    CHECK(fixtures[0].figures.count == 100);
    CHECK((fixtures[0].figures.total == 5050ms));
    CHECK((fixtures[0].figures.median == 50ms));
    CHECK((fixtures[0].figures.percentile_95 == 95ms));
    CHECK((fixtures[0].figures.max == 100ms));
}

TEST_CASE("the figures of one piece of work are its duration") {
    account kept;
    kept.add({fixture_kind::own, "index", 7ms}, "");
    const auto figures = kept.fixtures()[0].figures;
    CHECK((figures.median == 7ms));
    CHECK((figures.percentile_95 == 7ms));
    CHECK((figures.max == 7ms));
}

TEST_CASE("a million pieces of work keep their figures in bounded memory") {
    isolite::records::duration_sample sample;
    for (int i = 0; i < 1'000'000; ++i) {
        sample.add((i * 7919LL % 1'000'000) * 1us); // each value once, scattered
    }
    const auto figures = sample.figures();
    CHECK(figures.count == 1'000'000);
    CHECK((figures.total == 499'999'500'000us));
    CHECK((figures.max == 999'999us));
    CHECK(figures.median.count() == doctest::Approx(500e6).epsilon(0.01));
    CHECK(figures.percentile_95.count() == doctest::Approx(950e6).epsilon(0.01));
    CHECK(sample.kept() <= 65'536);
}

TEST_CASE("a fixture inside of another is in the table, but not in the sum again") {
    account kept;
    kept.add({fixture_kind::session_checked, "shop", 2ms, 1}, "a");
    kept.add({fixture_kind::session_closed, "shop", 5ms, 0}, "a");
    CHECK((kept.time_in_fixtures() == 5ms));
    CHECK(kept.fixtures().size() == 2);
    CHECK(kept.slowest_fixtures().sorted().size() == 1);
}

TEST_CASE("the ten slowest are kept, the slowest first, whatever their order") {
    isolite::records::slowest_list list;
    for (int i = 0; i < 100; ++i) {
        const int time = (i * 37) % 100; // every time once, in a scattered order
        list.add({std::to_string(time), time * 1ms});
    }
    const auto sorted = list.sorted();
    REQUIRE(sorted.size() == 10);
    for (int i = 0; i < 10; ++i) {
        CHECK(sorted[static_cast<std::size_t>(i)].what == std::to_string(99 - i));
    }
}

TEST_CASE("what sharing saved is what seeding for each test would have cost, less the fixtures") {
    account kept;
    kept.add_seeding("shop", 50ms);
    kept.add_seeding("shop", 40ms); // measured again, on a quieter machine: the larger one counts
    kept.add({fixture_kind::image_mapped, "shop", 1ms}, "");
    for (int i = 0; i < 2; ++i) {
        kept.add({fixture_kind::engine_opened, "shop", 2ms}, "");
    }
    for (int i = 0; i < 10; ++i) {
        kept.add({fixture_kind::session_opened, "shop", 1ms}, "a");
    }
    CHECK((kept.cost_without_sharing().each_test == 500ms));
    CHECK((kept.cost_without_sharing().each_worker == 100ms));
    CHECK(text_of(kept).rfind("seeding for each test would have taken 500 ms, for each worker 100 "
                              "ms; all fixtures together took 15.0 ms, so sharing saved 485 ms.\n",
                              0) == 0);
}

TEST_CASE("nothing is said of sharing where it saved nothing") {
    account kept;
    kept.add_seeding("shop", 50ms);
    kept.add({fixture_kind::image_built, "shop", 60ms}, "");
    kept.add({fixture_kind::session_opened, "shop", 1ms}, "a");
    CHECK(text_of(kept).find("sharing") == std::string::npos);
}

TEST_CASE("the lines of an account name what was slowest and have a table of all") {
    account kept;
    kept.add({fixture_kind::engine_opened, "shop", 300us}, "orders/first");
    kept.add({fixture_kind::session_opened, "a\nb", 1500ns}, "");
    CHECK(text_of(kept).rfind("fixture ", 0) == 0); // the table has all, once
    kept.add({fixture_kind::session_opened, "a\nb", 1500ns}, "");
    CHECK(text_of(kept) == "slowest fixtures:\n"
                           "   300 us  engine opened (shop) in orders/first\n"
                           "  1.50 us  session opened (a\\nb)\n"
                           "  1.50 us  session opened (a\\nb)\n"
                           "fixture                count    total   median      95%      max\n"
                           "engine opened (shop)       1   300 us   300 us   300 us   300 us\n"
                           "session opened (a\\nb)      2  3.00 us  1.50 us  1.50 us  1.50 us\n");
    CHECK(text_of(account()).empty());
}

TEST_CASE("of very many fixtures the table has those that took longest, and says so") {
    account kept;
    for (int i = 0; i < 1000; ++i) {
        kept.add({fixture_kind::own, std::to_string(i), i == 7 ? 3ms : 1us}, "");
    }
    const std::string text = text_of(kept);
    CHECK(std::count(text.begin(), text.end(), '\n') == 42); // with the names of the columns
    CHECK(text.find("fixture (7) ") != std::string::npos);
    CHECK(text.find("\nand 960 more fixtures, which took 960 us together\n") != std::string::npos);
}

TEST_CASE("a very long name leaves room for the figures") {
    account kept;
    std::string name;
    for (int i = 0; i < 100'000; ++i) {
        name += "ü";
    }
    kept.add({fixture_kind::own, name, 1ms}, "");
    const std::string text = text_of(kept);
    CHECK(text.find("üü...)      1  1.00 ms") != std::string::npos);
    CHECK(text.size() < 500);
}

TEST_CASE("fixtures of which only the sum is known count as often as they were") {
    account kept;
    kept.add({fixture_kind::own, "index", 10ns, 0, 3, 5ns}, "a");
    REQUIRE(kept.fixtures().size() == 1);
    const auto figures = kept.fixtures().front().figures;
    CHECK(figures.count == 3);
    CHECK((figures.total == 10ns));
    CHECK((figures.max == 5ns));
    CHECK((figures.median == 3ns));
    CHECK((kept.time_in_fixtures() == 10ns));
    CHECK((kept.slowest_fixtures().sorted().front().time == 5ns));
}

TEST_CASE("the line of a worker says what it did, and what part of its life that was") {
    CHECK(isolite::records::line_of({"w1", 2, 0, 100ms, 60ms, 20ms}) ==
          "w1: 2 cases, 60.0 ms in tests, 20.0 ms in fixtures (25% of both), idle for 20.0 ms (20% "
          "of its life)");
    CHECK(isolite::records::line_of({"w1", 1, 1, 0ms, 0ms, 0ms}) ==
          "w1: 1 case, 0.00 us in tests, 0.00 us in fixtures (0% of both), idle for 0.00 us (0% of "
          "its life), 1 replacement");
}
