#include "worker/environment.hpp"

#include <doctest/doctest.h>

using isolite::workers::environment;
using isolite::workers::read_switch;
using variables = std::map<std::string, std::string>;

namespace {

std::string value_of(const variables& set, bool otherwise) {
    const auto on = read_switch(environment(set), "light the room", "LIGHT", otherwise);
    return !on ? on.error().text() : *on ? "on" : "off";
}

} // namespace

TEST_CASE("a switch is on or off, and has its default where it is not set") {
    for (const bool otherwise : {false, true}) {
        CHECK(value_of({{"LIGHT", "on"}}, otherwise) == "on");
        CHECK(value_of({{"LIGHT", "off"}}, otherwise) == "off");
    }
    CHECK(value_of({}, true) == "on");
    CHECK(value_of({}, false) == "off");
}

TEST_CASE("a switch that is neither on nor off is named with its default") {
    CHECK(value_of({{"LIGHT", "yes"}}, false) ==
          "cannot light the room: LIGHT is \"yes\", neither on nor off\n"
          "  hint: set it to on or off (the default)");
    CHECK(value_of({{"LIGHT", ""}}, true) ==
          "cannot light the room: LIGHT is \"\", neither on nor off\n"
          "  hint: set it to on (the default) or off");
}
