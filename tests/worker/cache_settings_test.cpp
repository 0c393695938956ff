#include "worker/effective_settings.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>

#include <unistd.h>

using isolite::cache_settings;

namespace {

using variables = std::map<std::string, std::string>;

isolite::result<cache_settings> settings(variables set, cache_settings chosen = {}) {
    return isolite::workers::effective_settings(isolite::workers::environment(std::move(set)),
                                                std::move(chosen));
}

std::string failure(variables set, cache_settings chosen = {}) {
    const auto found = settings(std::move(set), std::move(chosen));
    return found ? "" : found.error().text();
}

std::string directory(variables set, cache_settings chosen = {}) {
    const auto found = settings(std::move(set), std::move(chosen));
    REQUIRE(found);
    return found->directory;
}

} // namespace

TEST_CASE("the cache is in the user's cache directory, or else in a temporary one") {
    const std::string own = "isolite-" + std::to_string(::geteuid()) + "/cache";
    CHECK(directory({{"XDG_CACHE_HOME", "/caches"}, {"HOME", "/tmp"}}) == "/caches/isolite");
    CHECK(directory({{"HOME", "/tmp"}}) == "/tmp/.cache/isolite");
    // The standard says to ignore a relative path; a build service may name no home that exists.
    CHECK(directory({{"XDG_CACHE_HOME", "caches"}, {"HOME", "/tmp"}}) == "/tmp/.cache/isolite");
    CHECK(directory({{"HOME", "/nowhere"}, {"TMPDIR", "/var/tmp"}}) == "/var/tmp/" + own);
    CHECK(directory({}) == "/tmp/" + own);
}

TEST_CASE("a variable names the directory, and counts more than the program") {
    cache_settings chosen;
    chosen.directory = "/chosen";
    CHECK(directory({{"HOME", "/tmp"}}, chosen) == "/chosen");
    CHECK(directory({{"ISOLITE_CACHE", "/named"}}, chosen) == "/named");
    chosen.keep = false;
    const auto named = settings({{"ISOLITE_CACHE", "/named"}}, chosen);
    REQUIRE(named);
    CHECK(named->keep);
}

TEST_CASE("the cache can be switched off") {
    const auto off = settings({{"ISOLITE_CACHE", "off"}});
    REQUIRE(off);
    CHECK_FALSE(off->keep);
    cache_settings chosen;
    chosen.keep = false;
    const auto chosen_off = settings({}, chosen);
    REQUIRE(chosen_off);
    CHECK_FALSE(chosen_off->keep);
}

TEST_CASE("the variables set project, freshness and bounds") {
    const auto found = settings({{"ISOLITE_PROJECT", "shop_2.x-y"},
                                 {"ISOLITE_CACHE_FRESH", "on"},
                                 {"ISOLITE_CACHE_MB", "3"},
                                 {"ISOLITE_CACHE_DAYS", "2"}});
    REQUIRE(found);
    CHECK(found->project == "shop_2.x-y");
    CHECK(found->fresh);
    CHECK(found->max_bytes == 3 * 1024 * 1024);
    CHECK(found->max_age == std::chrono::hours(48));
}

TEST_CASE("without variables the program decides") {
    cache_settings chosen;
    chosen.project = "mine";
    chosen.fresh = true;
    chosen.max_bytes = 5;
    chosen.max_age = std::chrono::hours(7);
    const auto found = settings({}, chosen);
    REQUIRE(found);
    CHECK(found->project == "mine");
    CHECK(found->fresh);
    CHECK(found->max_bytes == 5);
    CHECK(found->max_age == std::chrono::hours(7));
    const auto not_fresh = settings({{"ISOLITE_CACHE_FRESH", "off"}}, chosen);
    REQUIRE(not_fresh);
    CHECK_FALSE(not_fresh->fresh);
}

TEST_CASE("what is malformed is an error that says what to write") {
    CHECK(failure({{"ISOLITE_CACHE", "caches"}}) ==
          "cannot choose the cache of images: ISOLITE_CACHE is \"caches\", neither off nor an "
          "absolute path\n  hint: write a path that begins with /: it must name the same directory "
          "in all workers");
    CHECK(failure({{"ISOLITE_CACHE", ""}}).find("ISOLITE_CACHE is \"\", neither off") !=
          std::string::npos);
    CHECK(failure({{"ISOLITE_CACHE_FRESH", "yes"}}) ==
          "cannot choose the cache of images: ISOLITE_CACHE_FRESH is \"yes\", neither on nor off\n"
          "  hint: set it to on or off (the default)");
    CHECK(failure({{"ISOLITE_CACHE_MB", "1G"}}) ==
          "cannot choose the cache of images: ISOLITE_CACHE_MB is \"1G\", not a number\n  hint: "
          "write the size of a project's images in units of 1024 * 1024 bytes");
    CHECK(failure({{"ISOLITE_CACHE_DAYS", "-1"}}) ==
          "cannot choose the cache of images: ISOLITE_CACHE_DAYS is \"-1\", not a number\n  hint: "
          "write the number of days after which an unused image is removed");
    for (const char* name : {"", ".", "..", "a/b", ".hidden", "a b"}) {
        CAPTURE(name);
        CHECK(failure({{"ISOLITE_PROJECT", name}}) ==
              std::string("cannot choose the cache of images: ISOLITE_PROJECT is \"") + name +
                  "\", which cannot name a directory\n  hint: write letters, digits, -, _ and ., "
                  "but no dot first");
    }
    CHECK(failure({{"TMPDIR", "tmp"}}) ==
          "cannot choose the cache of images: TMPDIR is \"tmp\", not an absolute path\n  hint: "
          "write a path that begins with /");
}

TEST_CASE("what a program chooses wrongly is an error of the program") {
    cache_settings relative;
    relative.directory = "caches";
    CHECK(failure({}, relative) ==
          "cannot choose the cache of images: its directory 'caches' is not an absolute path\n  "
          "hint: give use_cache a path that begins with /, or none for the default");
    cache_settings unnamed;
    unnamed.project = "a/b";
    CHECK(failure({}, unnamed) ==
          "cannot choose the cache of images: its project 'a/b' cannot name a directory\n  hint: "
          "write letters, digits, -, _ and ., but no dot first");
}
