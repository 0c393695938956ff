#include "../worker/child_process.hpp"
#include "suites/variables.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include <unistd.h>

using isolite::suites::is_read;
using isolite::suites::known_variables;
using isolite::suites::similar_variable;
using isolite::suites::variable_map;
using isolite::workers::environment;
namespace files = std::filesystem;

namespace {

std::string content_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Returns what is warned about where these are set and nothing else is.
std::string warnings_of(const std::vector<const char*>& variables) {
    return child_process::fork([&] {
               ::clearenv();
               for (const char* each : variables) {
                   ::setenv(each, "1", 1);
               }
               const std::string told = "/tmp/isolite-warnings-" + std::to_string(::getpid());
               std::freopen(told.c_str(), "w", stderr);
               isolite::suites::warn_about_unread_variables();
               std::fflush(stderr);
               std::string text = content_of(told);
               files::remove(told);
               return text;
           })
        .read_all();
}

} // namespace

TEST_CASE("the documentation lists all variables, with what they may be and what counts without") {
    std::string rows;
    for (const auto& each : known_variables) {
        rows += "| `" + std::string(each.name) + "` | " + std::string(each.value) + " | " +
                std::string(each.otherwise) + " |";
        rows += "\n";
    }
    std::string documented;
    std::ifstream page(SOURCES "/docs/parallel.md");
    for (std::string line; std::getline(page, line);) {
        std::smatch cells;
        if (std::regex_match(line, cells, std::regex(R"((\| `ISOLITE_[^|]*\|[^|]*\|[^|]*\|).*)"))) {
            documented += cells[1].str() + "\n";
        }
    }
    CHECK(documented == rows);
}

TEST_CASE("no variable is read that is not on the list") {
    const std::regex literal(R"re("(ISOLITE_[A-Z_]*[A-Z])")re");
    std::set<std::string> used;
    for (const auto& entry : files::recursive_directory_iterator(SOURCES "/src")) {
        if (!entry.is_regular_file() || entry.path().filename() == "variables.cpp") {
            continue; // the list itself
        }
        const std::string text = content_of(entry.path().string());
        for (std::sregex_iterator at(text.begin(), text.end(), literal), end; at != end; ++at) {
            used.insert((*at)[1]);
        }
    }
    std::set<std::string> known;
    for (const auto& each : known_variables) {
        known.emplace(each.name);
    }
    CHECK(used == known);
}

TEST_CASE("what is malformed is told by the check of its variable, in its words") {
    for (const auto& each : known_variables) {
        const std::string name(each.name);
        // Long even as the id of a run; as a list of patterns without one.
        const std::string malformed(100, name == "ISOLITE_FILES" ? ':' : '?');
        CAPTURE(name);
        const auto checked = each.check(environment(variable_map{{name, malformed}}));
        REQUIRE_FALSE(checked);
        CHECK(checked.error().code == isolite::errc::environment);
        CHECK(checked.error().message.find(name + " is \"" + malformed + "\", ") !=
              std::string::npos);
    }
}

TEST_CASE("nothing is wrong with variables that are not set") {
    for (const auto& each : known_variables) {
        CHECK(each.check(environment(variable_map())).has_value());
    }
}

TEST_CASE("a variable that nobody reads is warned about, with the one that may be meant") {
    CHECK(warnings_of({"ISOLITE_WORKER", "ISOLITE_WORKERS", "ISOLATE", "TMPDIR"}) ==
          "isolite: warning: nobody reads ISOLITE_WORKER\n"
          "  hint: did you mean ISOLITE_WORKERS?\n");
    CHECK(warnings_of({"ISOLITE_NOTHING_OF_THE_KIND"}) ==
          "isolite: warning: nobody reads ISOLITE_NOTHING_OF_THE_KIND\n"
          "  hint: unset it: isolite has no such variable\n");
}

TEST_CASE("what a parent sets for its workers, and isolite's own tests for themselves, is known") {
    CHECK(warnings_of({"ISOLITE_RUN_ID", "ISOLITE_WORKER_SLOT", "ISOLITE_WORKER_INCARNATION",
                       "ISOLITE_TEST_SEED"}) == "");
    CHECK(is_read("CTEST_RESOURCE_GROUP_COUNT"));
    CHECK_FALSE(is_read("ISOLITE_TEST"));
}

TEST_CASE("the most similar variable is named, if any is similar") {
    CHECK(similar_variable("ISOLITE_CAHCE") == "ISOLITE_CACHE");
    CHECK(similar_variable("ISOLITE_SLOT") == "");
}
