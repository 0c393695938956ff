#include "../sandbox/in_child.hpp"
#include "temporary_directory.hpp"
#include "worker/detection.hpp"

#include <isolite/worker.hpp>

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>

using isolite::errc;
using isolite::shard;
using isolite::workers::detect_shard;
using isolite::workers::environment;
using isolite::workers::shard_notice;

namespace {

std::string shard_found(std::map<std::string, std::string> variables) {
    const auto detected = detect_shard(environment(std::move(variables)));
    return detected ? std::to_string(detected->index) + "/" + std::to_string(detected->total)
                    : detected.error().text();
}

} // namespace

TEST_CASE("every position belongs to exactly one shard") {
    for (std::size_t position = 0; position < 100; ++position) {
        unsigned owners = 0;
        for (unsigned index = 0; index < 7; ++index) {
            owners += shard{index, 7}.contains(position) ? 1U : 0U;
        }
        CHECK(owners == 1);
    }
    CHECK(shard{2, 7}.contains(9));
}

TEST_CASE("without variables, or with those of a CI service, the shard is the whole suite") {
    CHECK(shard_found({}) == "0/1");
    CHECK(shard_found({{"CI_NODE_INDEX", "1"}, {"CI_NODE_TOTAL", "2"}, {"GITLAB_CI", "true"}}) ==
          "0/1");
    CHECK(shard{}.contains(12345));
}

TEST_CASE("three pairs of variables name a shard, isolite's own first and GoogleTest's last") {
    std::map<std::string, std::string> variables = {{"GTEST_SHARD_INDEX", "1"},
                                                    {"GTEST_TOTAL_SHARDS", "2"}};
    CHECK(shard_found(variables) == "1/2");
    variables.insert({{"TEST_SHARD_INDEX", "2"}, {"TEST_TOTAL_SHARDS", "3"}});
    CHECK(shard_found(variables) == "2/3");
    variables.insert({{"ISOLITE_SHARD_INDEX", "0"}, {"ISOLITE_TOTAL_SHARDS", "4"}});
    CHECK(shard_found(variables) == "0/4");
}

TEST_CASE("the notice of a shard names the variables that count") {
    std::map<std::string, std::string> variables = {{"GTEST_SHARD_INDEX", "1"},
                                                    {"GTEST_TOTAL_SHARDS", "2"}};
    const auto notice = [&] {
        const environment set(variables);
        return shard_notice(set, *detect_shard(set), 3, 7, "0a by count");
    };
    CHECK(notice() == "this is shard 1 of 2, with 3 of the 7 cases, by GTEST_SHARD_INDEX=1 and "
                      "GTEST_TOTAL_SHARDS=2; cut 0a by count");
    variables.insert({{"TEST_SHARD_INDEX", "2"}, {"TEST_TOTAL_SHARDS", "3"}});
    CHECK(notice() == "this is shard 2 of 3, with 3 of the 7 cases, by TEST_SHARD_INDEX=2 and "
                      "TEST_TOTAL_SHARDS=3; cut 0a by count");
    variables.insert({{"ISOLITE_SHARD_INDEX", "0"}, {"ISOLITE_TOTAL_SHARDS", "4"}});
    CHECK(notice() == "this is shard 0 of 4, with 3 of the 7 cases, by ISOLITE_SHARD_INDEX=0 and "
                      "ISOLITE_TOTAL_SHARDS=4; cut 0a by count");
    const environment none{std::map<std::string, std::string>()};
    CHECK(shard_notice(none, {0, 4}, 3, 7, "0a by count") ==
          "this is shard 0 of 4, with 3 of the 7 cases; cut 0a by count");
}

TEST_CASE("a shard that the command line chooses is that of the worker, whenever it is chosen") {
    for (const bool asks_before : {false, true}) {
        CHECK(in_child([&] {
                  ::setenv("ISOLITE_SHARD_INDEX", "0", 1);
                  ::setenv("ISOLITE_TOTAL_SHARDS", "2", 1);
                  std::string seen;
                  const auto see = [&seen] {
                      const auto& worker = isolite::worker::current();
                      seen += !worker ? worker.error().text()
                                      : std::to_string(worker->shard.index) + "/" +
                                            std::to_string(worker->shard.total) + " ";
                  };
                  if (asks_before) {
                      see();
                  }
                  isolite::workers::choose_shard({2, 5});
                  see();
                  return seen + shard_notice(environment::of_process(), {2, 5}, 1, 9, "0a");
              }) == std::string(asks_before ? "0/2 " : "") +
                        "2/5 this is shard 2 of 5, with 1 of the 9 cases, by --shard=2/5; cut 0a");
    }
}

TEST_CASE("the status file of Bazel is touched if its shard is used, and only then") {
    const temporary_directory directory;
    const std::string file = directory / "status";
    CHECK(shard_found({{"TEST_SHARD_STATUS_FILE", file}}) == "0/1");
    CHECK(shard_found({{"TEST_SHARD_STATUS_FILE", file},
                       {"TEST_SHARD_INDEX", "1"},
                       {"TEST_TOTAL_SHARDS", "2"},
                       {"ISOLITE_SHARD_INDEX", "0"},
                       {"ISOLITE_TOTAL_SHARDS", "2"}}) == "0/2");
    CHECK_FALSE(std::filesystem::exists(file));
    CHECK(shard_found({{"TEST_SHARD_STATUS_FILE", file},
                       {"TEST_SHARD_INDEX", "1"},
                       {"TEST_TOTAL_SHARDS", "2"}}) == "1/2");
    CHECK(std::filesystem::exists(file));
}

TEST_CASE("touching an existing status file makes it newer and keeps its content") {
    const temporary_directory directory;
    const std::string file = directory / "status";
    std::ofstream(file) << "kept";
    const auto long_ago = std::filesystem::last_write_time(file) - std::chrono::hours(1);
    std::filesystem::last_write_time(file, long_ago);
    CHECK(shard_found({{"TEST_SHARD_STATUS_FILE", file},
                       {"TEST_SHARD_INDEX", "1"},
                       {"TEST_TOTAL_SHARDS", "2"}}) == "1/2");
    CHECK(std::filesystem::last_write_time(file) > long_ago);
    CHECK(std::filesystem::file_size(file) == 4);
}

TEST_CASE("a status file that cannot be touched is an error") {
    CHECK(shard_found({{"TEST_SHARD_STATUS_FILE", "/nowhere/status"},
                       {"TEST_SHARD_INDEX", "1"},
                       {"TEST_TOTAL_SHARDS", "2"}}) ==
          "cannot detect the shard: touching TEST_SHARD_STATUS_FILE \"/nowhere/status\" failed: No "
          "such file or directory\n  hint: make its directory exist and writable, or unset "
          "TEST_SHARD_STATUS_FILE if Bazel did not set it");
}

TEST_CASE("half a shard is an error") {
    CHECK(shard_found({{"ISOLITE_SHARD_INDEX", "1"}}) ==
          "cannot detect the shard: ISOLITE_SHARD_INDEX is \"1\", but ISOLITE_TOTAL_SHARDS is not "
          "set\n  hint: set ISOLITE_TOTAL_SHARDS as well, or unset ISOLITE_SHARD_INDEX");
    CHECK(shard_found({{"GTEST_TOTAL_SHARDS", "2"}}) ==
          "cannot detect the shard: GTEST_TOTAL_SHARDS is \"2\", but GTEST_SHARD_INDEX is not "
          "set\n  hint: set GTEST_SHARD_INDEX as well, or unset GTEST_TOTAL_SHARDS");
}

TEST_CASE("a malformed number of a shard is an error") {
    for (const char* const value : {"", "x", "-1", "1x", " 1", "4294967296"}) {
        CHECK(
            shard_found({{"TEST_SHARD_INDEX", value}, {"TEST_TOTAL_SHARDS", "2"}}) ==
            "cannot detect the shard: TEST_SHARD_INDEX is \"" + std::string(value) +
                "\", not a number\n  hint: write the index of the shard, from 0 on, and the total "
                "number of shards");
        CHECK(
            shard_found({{"ISOLITE_SHARD_INDEX", "0"}, {"ISOLITE_TOTAL_SHARDS", value}}) ==
            "cannot detect the shard: ISOLITE_TOTAL_SHARDS is \"" + std::string(value) +
                "\", not a number\n  hint: write the index of the shard, from 0 on, and the total "
                "number of shards");
    }
}

TEST_CASE("a shard outside of its suite is an error") {
    CHECK(shard_found({{"ISOLITE_SHARD_INDEX", "4"}, {"ISOLITE_TOTAL_SHARDS", "4"}}) ==
          "cannot detect the shard: ISOLITE_SHARD_INDEX is \"4\", but ISOLITE_TOTAL_SHARDS is "
          "\"4\"\n  hint: write an index from 0 to 3: shards count from 0");
    CHECK(shard_found({{"ISOLITE_SHARD_INDEX", "0"}, {"ISOLITE_TOTAL_SHARDS", "0"}}) ==
          "cannot detect the shard: ISOLITE_TOTAL_SHARDS is \"0\", but a suite has a shard or "
          "more\n  hint: write 1 or more, or unset both");
}
