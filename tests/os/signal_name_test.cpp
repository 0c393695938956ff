#include "os/signal_name.hpp"

#include <doctest/doctest.h>

#include <csignal>

using isolite::os::name_of_signal;

TEST_CASE("a signal is named, if it has a name") {
    CHECK(name_of_signal(SIGINT) == "SIGINT");
    CHECK(name_of_signal(SIGTERM) == "SIGTERM");
    CHECK(name_of_signal(SIGHUP) == "SIGHUP");
    CHECK(name_of_signal(40) == "signal 40");
    CHECK(name_of_signal(0) == "signal 0");
}
