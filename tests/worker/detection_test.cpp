#include "worker/detection.hpp"

#include <doctest/doctest.h>

using isolite::errc;
using isolite::workers::detect_place;
using isolite::workers::environment;
using isolite::workers::surroundings;
using isolite::workers::test_runner;
using variables = std::map<std::string, std::string>;

namespace {

surroundings around(variables set) {
    surroundings made_up;
    made_up.variables = environment(std::move(set));
    made_up.self.pid = 40;
    made_up.self.start_time = 400;
    made_up.parent.pid = 30;
    made_up.parent.start_time = 300;
    return made_up;
}

surroundings under_meson(variables set, variables set_for_meson = {}) {
    surroundings made_up = around(std::move(set));
    made_up.runner = test_runner{"meson-20-200", environment(std::move(set_for_meson))};
    return made_up;
}

/// Says what was found in one word: RUN/SLOT#INCARNATION, or RUN/claim.
std::string found(const surroundings& made_up) {
    const auto place = detect_place(made_up);
    if (!place) {
        return place.error().text();
    }
    if (!place->slot) {
        return place->run_id + "/claim";
    }
    return place->run_id + "/" + place->name_of(*place->slot) + "#" +
           std::to_string(place->incarnation);
}

} // namespace

TEST_CASE("outside of any run the worker is main, in a run of its own") {
    CHECK(found(around({})) == "process-40-400/main#0");
}

TEST_CASE("a launcher numbers its workers with three variables") {
    CHECK(found(around({{"ISOLITE_RUN_ID", "r"}, {"ISOLITE_WORKER_SLOT", "0"}})) == "r/w0#0");
    CHECK(found(around({{"ISOLITE_RUN_ID", "r"},
                        {"ISOLITE_WORKER_SLOT", "7"},
                        {"ISOLITE_WORKER_INCARNATION", "2"}})) == "r/w7#2");
}

TEST_CASE("a run id alone asks for a claim, whatever other runners say") {
    CHECK(found(around({{"ISOLITE_RUN_ID", "r"}})) == "r/claim");
    CHECK(found(around({{"ISOLITE_RUN_ID", "r"}, {"TEST_PARALLEL_INDEX", "3"}})) == "r/claim");
    CHECK(found(under_meson({{"ISOLITE_RUN_ID", "r"}})) == "r/claim");
}

TEST_CASE("under a known runner a slot of its run is claimed") {
    CHECK(found(under_meson({})) == "meson-20-200/claim");
}

TEST_CASE("nextest gives the slot and the run") {
    CHECK(found(around({{"NEXTEST_TEST_GLOBAL_SLOT", "3"}, {"NEXTEST_RUN_ID", "n"}})) == "n/w3#0");
    CHECK(found(around({{"NEXTEST_TEST_GLOBAL_SLOT", "3"}})) == "parent-30-300/w3#0");
}

TEST_CASE("TEST_PARALLEL_INDEX gives the slot, its run is named after the parent process") {
    CHECK(found(around({{"TEST_PARALLEL_INDEX", "5"}})) == "parent-30-300/w5#0");
}

TEST_CASE("pytest-xdist gives the slot and the run") {
    CHECK(found(around({{"PYTEST_XDIST_WORKER", "gw12"}, {"PYTEST_XDIST_TESTRUNUID", "u"}})) ==
          "u/w12#0");
}

TEST_CASE("the master of pytest-xdist is no parallel run") {
    CHECK(found(around({{"PYTEST_XDIST_WORKER", "master"}})) == "process-40-400/main#0");
}

TEST_CASE("a resource of ctest that is called isolite gives the slot, in any group") {
    CHECK(found(around({{"CTEST_RESOURCE_GROUP_COUNT", "1"},
                        {"CTEST_RESOURCE_GROUP_0", "gpus,isolite"},
                        {"CTEST_RESOURCE_GROUP_0_ISOLITE", "id:4,slots:1"}})) ==
          "parent-30-300/w4#0");
    CHECK(found(around({{"CTEST_RESOURCE_GROUP_COUNT", "2"},
                        {"CTEST_RESOURCE_GROUP_0", "gpus"},
                        {"CTEST_RESOURCE_GROUP_1", "isolite"},
                        {"CTEST_RESOURCE_GROUP_1_ISOLITE", "id:6,slots:1;id:7,slots:1"}})) ==
          "parent-30-300/w6#0");
}

TEST_CASE("slots from resources of ctest are another run than the slots that its tests claim") {
    auto made_up = under_meson({{"CTEST_RESOURCE_GROUP_COUNT", "1"},
                                {"CTEST_RESOURCE_GROUP_0", "isolite"},
                                {"CTEST_RESOURCE_GROUP_0_ISOLITE", "id:4,slots:1"}});
    made_up.runner->run_id = "ctest-20-200";
    CHECK(found(made_up) == "ctest-20-200-resources/w4#0");
}

TEST_CASE("any other resource of ctest says nothing about a slot") {
    auto made_up = under_meson({{"CTEST_RESOURCE_GROUP_COUNT", "1"},
                                {"CTEST_RESOURCE_GROUP_0", "gpus"},
                                {"CTEST_RESOURCE_GROUP_0_GPUS", "id:4,slots:1"}});
    made_up.runner->run_id = "ctest-20-200";
    CHECK(found(made_up) == "ctest-20-200/claim");
}

TEST_CASE("a slot variable that the nearest runner has inherited does not number its tests") {
    for (const char* const name :
         {"NEXTEST_TEST_GLOBAL_SLOT", "TEST_PARALLEL_INDEX", "PYTEST_XDIST_WORKER"}) {
        const std::string value = std::string(name) == "PYTEST_XDIST_WORKER" ? "gw1" : "1";
        CAPTURE(name);
        CHECK(found(under_meson({{name, value}}, {{name, value}})) == "meson-20-200/claim");
        CHECK(found(under_meson({{name, value}})) == "parent-30-300/w1#0");
    }
    const variables ctest = {{"CTEST_RESOURCE_GROUP_COUNT", "1"},
                             {"CTEST_RESOURCE_GROUP_0", "isolite"},
                             {"CTEST_RESOURCE_GROUP_0_ISOLITE", "id:4,slots:1"}};
    CHECK(found(under_meson(ctest, ctest)) == "meson-20-200/claim");
}

TEST_CASE("a malformed slot is an error that names the variable, the value and the remedy") {
    for (const char* const value : {"", "x", "-1", "+1", " 1", "1 ", "1x", "0x1", "4294967296"}) {
        CAPTURE(value);
        const auto own =
            detect_place(around({{"ISOLITE_RUN_ID", "r"}, {"ISOLITE_WORKER_SLOT", value}}));
        REQUIRE_FALSE(own.has_value());
        CHECK(own.error().code == errc::environment);
        CHECK(own.error().message == "detect the worker: ISOLITE_WORKER_SLOT is \"" +
                                         std::string(value) + "\", not a slot number");
        CHECK(own.error().hint == "write a number from 0 on, or unset ISOLITE_WORKER_SLOT");
        CHECK_FALSE(detect_place(around({{"NEXTEST_TEST_GLOBAL_SLOT", value}})).has_value());
        CHECK_FALSE(detect_place(around({{"TEST_PARALLEL_INDEX", value}})).has_value());
        CHECK_FALSE(detect_place(around({{"CTEST_RESOURCE_GROUP_COUNT", value}})).has_value());
        CHECK_FALSE(
            detect_place(around({{"PYTEST_XDIST_WORKER", "gw" + std::string(value)}})).has_value());
    }
}

TEST_CASE("a malformed slot of another runner is an error as well") {
    CHECK(found(around({{"NEXTEST_TEST_GLOBAL_SLOT", "none"}})) ==
          "cannot detect the worker: NEXTEST_TEST_GLOBAL_SLOT is \"none\", not a slot number\n"
          "  hint: write a number from 0 on, or unset NEXTEST_TEST_GLOBAL_SLOT");
    CHECK(found(around({{"NEXTEST_TEST_GLOBAL_SLOT", "0"}, {"NEXTEST_RUN_ID", ""}})) ==
          "cannot detect the worker: NEXTEST_RUN_ID is \"\", not a run id\n"
          "  hint: let the runner set it, or unset NEXTEST_RUN_ID");
    CHECK(found(around({{"PYTEST_XDIST_WORKER", "gw0"}, {"PYTEST_XDIST_TESTRUNUID", ""}})) ==
          "cannot detect the worker: PYTEST_XDIST_TESTRUNUID is \"\", not a run id\n"
          "  hint: let the runner set it, or unset PYTEST_XDIST_TESTRUNUID");
    CHECK(found(around({{"TEST_PARALLEL_INDEX", ""}})) ==
          "cannot detect the worker: TEST_PARALLEL_INDEX is \"\", not a slot number\n"
          "  hint: write a number from 0 on, or unset TEST_PARALLEL_INDEX");
    for (const char* const value : {"", "gw", "gwx", "0", "w0", "Master"}) {
        CHECK(found(around({{"PYTEST_XDIST_WORKER", value}})) ==
              "cannot detect the worker: PYTEST_XDIST_WORKER is \"" + std::string(value) +
                  "\", not a worker of pytest-xdist\n"
                  "  hint: write gw0, gw1, ... or unset PYTEST_XDIST_WORKER");
    }
}

TEST_CASE("a malformed resource of ctest is an error") {
    CHECK(found(around({{"CTEST_RESOURCE_GROUP_COUNT", "many"}})) ==
          "cannot detect the worker: CTEST_RESOURCE_GROUP_COUNT is \"many\", not a number of "
          "groups\n  hint: let ctest set it, or unset it");
    CHECK(found(around({{"CTEST_RESOURCE_GROUP_COUNT", "1"}})) ==
          "cannot detect the worker: CTEST_RESOURCE_GROUP_COUNT promises CTEST_RESOURCE_GROUP_0, "
          "which is not set\n"
          "  hint: unset CTEST_RESOURCE_GROUP_COUNT, or let ctest set both");
    for (const char* const value :
         {"", "id:,slots:1", "id:a,slots:1", "id:0", "slots:1,id:0", "id:0,slots:", "id:0,slots:0",
          "id:0,slots:1x", "id:0,slotsX1", "id:-1,slots:1", "id:0,slot:1"}) {
        CHECK(found(around({{"CTEST_RESOURCE_GROUP_COUNT", "1"},
                            {"CTEST_RESOURCE_GROUP_0", "isolite"},
                            {"CTEST_RESOURCE_GROUP_0_ISOLITE", value}})) ==
              "cannot detect the worker: CTEST_RESOURCE_GROUP_0_ISOLITE is \"" +
                  std::string(value) +
                  "\", not an allocation with a number as id\n  hint: number the ids of resource "
                  "isolite from 0 in the resource specification file, with \"slots\": 1 each, so "
                  "that ctest sets id:0,slots:1");
    }
}

TEST_CASE("a variable without its other half is an error, not a guess") {
    CHECK(found(around({{"ISOLITE_WORKER_SLOT", "1"}})) ==
          "cannot detect the worker: ISOLITE_WORKER_SLOT is \"1\", but ISOLITE_RUN_ID is not set\n"
          "  hint: set ISOLITE_RUN_ID as well, or unset ISOLITE_WORKER_SLOT");
    CHECK(found(around({{"ISOLITE_RUN_ID", "r"}, {"ISOLITE_WORKER_INCARNATION", "1"}})) ==
          "cannot detect the worker: ISOLITE_WORKER_INCARNATION is \"1\", but ISOLITE_WORKER_SLOT "
          "is not set\n  hint: set ISOLITE_WORKER_SLOT as well, or unset "
          "ISOLITE_WORKER_INCARNATION");
    CHECK(found(around({{"ISOLITE_RUN_ID", "r"},
                        {"ISOLITE_WORKER_SLOT", "1"},
                        {"ISOLITE_WORKER_INCARNATION", "second"}})) ==
          "cannot detect the worker: ISOLITE_WORKER_INCARNATION is \"second\", not an incarnation "
          "number\n  hint: write a number from 0 on, or unset ISOLITE_WORKER_INCARNATION");
}

TEST_CASE("a run id is neither empty nor longer than a file name allows") {
    const std::string longest(80, 'R');
    CHECK(found(around({{"ISOLITE_RUN_ID", longest}})) == longest + "/claim");
    CHECK(found(around({{"ISOLITE_RUN_ID", ""}})) ==
          "cannot detect the worker: ISOLITE_RUN_ID is \"\", not a run id\n  hint: write 1 to 80 "
          "bytes that no other run uses at this time, or unset ISOLITE_RUN_ID");
    CHECK(found(around({{"ISOLITE_RUN_ID", longest + "R"}})) ==
          "cannot detect the worker: ISOLITE_RUN_ID is \"" + longest +
              "R\", too long for a run id\n  hint: write 1 to 80 bytes that no other run uses at "
              "this time, or unset ISOLITE_RUN_ID");
}
