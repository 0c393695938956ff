#include <isolite/ledger.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace std::chrono_literals;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

} // namespace

TEST_CASE("a process without engines and sessions has nothing to sum up") {
    CHECK(isolite::ledger().summary("main").empty());
}

TEST_CASE("the summary bills fixtures apart from tests") {
    isolite::ledger ledger;
    ledger.add_image("shop", isolite::image_origin::built, "", 90ms);
    ledger.add_engine(3ms);
    ledger.add_session("orders/first", 1ms, 20ms, 2ms);
    ledger.add_session("orders/second", 1ms, 5ms, 3ms);
    CHECK(ledger.summary("w3") ==
          "isolite: worker w3: 2 sessions, 100 ms in fixtures (1 engine opened in 3.00 ms, 1 image "
          "built in 90 ms, sessions opened in 2.00 ms and closed in 5.00 ms), 25 ms in tests.\n  "
          "slowest: "
          "orders/first 20 ms, orders/second 5.00 ms.");
}

TEST_CASE("an engine without a session is summed up too") {
    isolite::ledger ledger;
    ledger.add_image("shop", isolite::image_origin::mapped, "", 2ms);
    ledger.add_engine(1ms);
    CHECK(ledger.summary("main") ==
          "isolite: worker main: 0 sessions, 3.00 ms in fixtures (1 engine opened in 1.00 ms, 1 "
          "image mapped in 2.00 ms, sessions opened in 0.00 ms and closed in 0.00 ms), 0.00 ms in "
          "tests.");
}

TEST_CASE("images are counted by how the worker came by them") {
    using isolite::image_origin;
    isolite::ledger ledger;
    ledger.add_engine(0ms);
    ledger.add_image("a", image_origin::mapped, "", 1ms);
    ledger.add_image("b", image_origin::built_alone, "its step 'prices' declares no version", 7ms);
    ledger.add_image("c", image_origin::mapped, "", 2ms);
    ledger.add_image("d", image_origin::built, "", 4ms);
    const std::string summary = ledger.summary("main");
    CHECK(summary.find("0.00 ms, 1 image built in 4.00 ms, 2 images mapped in 3.00 ms, 1 image "
                       "built for this worker alone in 7.00 ms, sessions") != std::string::npos);
    CHECK(summary.find("\n  every worker seeds 'b' for itself: its step 'prices' declares no "
                       "version.") != std::string::npos);
}

TEST_CASE("the ten slowest tests are named, the slowest first, whatever their order") {
    isolite::ledger ledger;
    for (int i = 0; i < 100; ++i) {
        const int time = (i * 37) % 100; // every time once, in a scattered order
        ledger.add_session("test" + std::to_string(time) + "!", 0ms, time * 1ms, 0ms);
    }
    const std::string summary = ledger.summary("main");
    CHECK(count(summary, "test") == 10 + 1); // and "in tests"
    CHECK(summary.find("slowest: test99! 99 ms, test98! 98 ms, test97! 97 ms") !=
          std::string::npos);
    CHECK(summary.find("test91! 91 ms, test90! 90 ms.") != std::string::npos);
}
