#include "os/other_memory.hpp"
#include "run/condition.hpp"

#include <doctest/doctest.h>

using isolite::run::condition;
using isolite::run::condition_in;
using isolite::run::text_of;
using isolite::run::text_of_time;
using isolite::run::time_in;

TEST_CASE("a condition is read as it is written") {
    for (const char* const each : {"zone=<+14>-14", "zone=CET-1CEST,M3.5.0,M10.5.0/3", "locale=C",
                                   "random=0", "random=4294967295", "rows=reversed"}) {
        CAPTURE(each);
        const auto read = condition_in(each);
        REQUIRE(read);
        CHECK(text_of(*read) == each);
    }
}

TEST_CASE("conditions of memory are read where they can be made") {
    for (const char* const each :
         {"addresses=ascending", "addresses=descending", "memory=junk", "memory=zeros"}) {
        CAPTURE(each);
        const auto read = condition_in(each);
        CHECK(read.has_value() == (each[0] == 'a' ? isolite::os::can_order_addresses()
                                                  : isolite::os::can_fill_with_junk()));
        CHECK((!read || text_of(*read) == each));
    }
}

TEST_CASE("what is no condition, or none of this machine, is not read") {
    for (const char* const each : {"",
                                   "zone",
                                   "zone=",
                                   "zone=Nowhere/Land",
                                   "zone=../../etc/hosts",
                                   "zone=/etc/localtime",
                                   "zone=<+14",
                                   "zone=AB3",
                                   "locale=",
                                   "locale=xx_XX.UTF-8",
                                   "clock=",
                                   "clock=now",
                                   "clock=2026-11-30",
                                   "clock=2026-02-29T12:00:00",
                                   "clock=2026-11-30T24:00:00",
                                   "clock=2026-11-30T12:00:00Z",
                                   "random=",
                                   "random=-1",
                                   "random=x",
                                   "rows=",
                                   "rows=forward",
                                   "addresses=",
                                   "addresses=random",
                                   "memory=",
                                   "memory=zero",
                                   "weather=rain"}) {
        CAPTURE(each);
        CHECK_FALSE(condition_in(each));
    }
}

TEST_CASE("a time is read as it is written") {
    CHECK(time_in("1970-01-01T00:00:00") == 0);
    CHECK(time_in("2032-02-29T12:00:00") == 1961668800);
    CHECK(text_of_time(1961668800) == "2032-02-29T12:00:00");
    CHECK(time_in("2031-02-29T12:00:00") == std::nullopt);
}
