#include "seed/making.hpp"

#include "../files/said.hpp"
#include "seed/seed_image.hpp"
#include "store/vfs.hpp"

#include <SQLiteCpp/Database.h>
#include <doctest/doctest.h>

#include <thread>

#include <unistd.h>

using isolite::seeds::image_of;
using isolite::seeds::make_alone;
using isolite::seeds::shared_image;

namespace {

constexpr std::chrono::milliseconds no_time(0);

shared_image empty_image() {
    return std::make_shared<isolite::store::image>(std::vector<std::byte>());
}

std::string outcome_of(const shared_image& made) {
    return made ? "made" : made.error().text();
}

/// Returns what `action` returns on another thread, for which this one waits.
std::string on_another_thread(const std::function<shared_image()>& action) {
    std::string outcome;
    std::thread([&] { outcome = outcome_of(action()); }).join();
    return outcome;
}

} // namespace

TEST_SUITE("making images") {
    TEST_CASE("a thread that a step waits for does not wait for ever") {
        const isolite::seed shop("shop");
        std::string told;
        const auto made = make_alone(shop, [&] {
            told = on_another_thread([&] { return make_alone(shop, empty_image, no_time); });
            return empty_image();
        });
        CHECK(outcome_of(made) == "made");
        CHECK(told ==
              "cannot use the seed 'shop': another thread has been making its image for 0 s\n"
              "  hint: if that waits for this thread: let what a step starts open the path that "
              "path_step gives");
    }

    TEST_CASE("in a step of another seed nobody waits for a thread that may wait for him") {
        const isolite::seed shop("shop");
        const isolite::seed prices("prices");
        std::string told;
        const auto made = make_alone(shop, [&] {
            told = on_another_thread([&] {
                return make_alone(prices, [&] { return make_alone(shop, empty_image, no_time); });
            });
            return empty_image();
        });
        CHECK(outcome_of(made) == "made");
        CHECK(told == "made");
    }

    TEST_CASE("an image of the same steps can be made inside of a step, without a complaint") {
        REQUIRE(isolite::store::register_vfs());
        const std::string version = std::to_string(::getpid()); // no earlier image
        const auto described = [&version](const char* file, const isolite::seed* inner) {
            isolite::seed described("making the same");
            described.file(file).step("fill", version, [inner](SQLite::Database& database) {
                database.exec("CREATE TABLE IF NOT EXISTS t (a)");
                if (inner) {
                    CHECK(outcome_of(image_of(*inner)) == "made");
                }
            });
            return described;
        };
        const isolite::seed inner = described("*.inner", nullptr);
        const std::string said = isolite::paths::tests::said(
            [&] { CHECK(outcome_of(image_of(described("*.outer", &inner))) == "made"); });
        CHECK(said == "");
    }

    TEST_CASE("seeds that need each other in a ring of three are named") {
        const isolite::seed one("one");
        const isolite::seed two("two");
        const isolite::seed three("three");
        const auto made = make_alone(one, [&] {
            return make_alone(two,
                              [&] { return make_alone(three, [&] { return image_of(one); }); });
        });
        CHECK(outcome_of(made) ==
              "cannot open a file of the seed 'one' in a step of 'three': 'one' is being made, and "
              "needs a file of 'two', which needs one of 'three'\n"
              "  hint: let the steps of one of them do without the files of the other");
    }
}
