#include "../sandbox/in_child.hpp"
#include "../worker/temporary_directory.hpp"
#include "os/own_process.hpp"
#include "results/past_runs.hpp"

#include <isolite/cache_settings.hpp>

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

using namespace std::chrono_literals;

using isolite::os::program_name;
using isolite::results::case_result;
using isolite::results::outcome;
using isolite::results::past_runs;
using isolite::results::shared_history;
using isolite::results::shared_history_in;
using isolite::results::test_case;
using isolite::results::verdict;

namespace {

namespace files = std::filesystem;

std::vector<test_case> cases_named(const std::vector<std::string>& names) {
    std::vector<test_case> made(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        made[i].name = names[i];
    }
    return made;
}

outcome ended(const std::vector<verdict>& verdicts) {
    outcome made;
    for (const verdict each : verdicts) {
        made.results.emplace_back();
        made.results.back().verdict = each;
        made.results.back().duration = std::chrono::milliseconds(made.results.size());
    }
    return made;
}

/// Returns what is known, as "1ms failed, ".
std::string known_of(const std::vector<std::string>& names, const shared_history& elsewhere = {}) {
    const past_runs known = past_runs::of(cases_named(names), elsewhere);
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        text += std::to_string(known.durations[i] / 1ms) + "ms" +
                (known.failed[i] ? " failed, " : ", ");
    }
    return text;
}

/// Runs `body` in a process with this cache, and nothing else that is set.
template <typename Body>
std::string with_cache(const std::string& cache, const Body& body) {
    return in_child([&]() -> std::string {
        ::clearenv();
        ::setenv("ISOLITE_CACHE", cache.c_str(), 1);
        return body();
    });
}

std::vector<std::string> histories_below(const std::string& directory) {
    std::vector<std::string> found;
    for (const auto& each : files::recursive_directory_iterator(directory)) {
        if (each.path().extension() == ".tsv") {
            found.push_back(each.path());
        }
    }
    return found;
}

/// Returns what `body` writes to stderr.
template <typename Body>
std::string stderr_of(const Body& body) {
    const temporary_directory directory;
    const int file = ::open((directory / "stderr").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    const int before = ::dup(STDERR_FILENO);
    ::dup2(file, STDERR_FILENO);
    body();
    ::dup2(before, STDERR_FILENO);
    ::close(before);
    ::close(file);
    std::ostringstream text;
    text << std::ifstream(directory / "stderr").rdbuf();
    return text.str();
}

} // namespace

TEST_CASE("a program that was never run knows nothing, and asking makes no file") {
    const temporary_directory cache;
    CHECK(with_cache(cache.path(), [] { return known_of({"a", "b"}); }) == "0ms, 0ms, ");
    CHECK(files::is_empty(cache.path()));
}

TEST_CASE("the next run knows how long each case took, and whether it failed") {
    const temporary_directory cache;
    with_cache(cache.path(), [] {
        past_runs::record(cases_named({"a", "b", "c"}),
                          ended({verdict::passed, verdict::failed, verdict::passed}));
        return "";
    });
    CHECK(with_cache(cache.path(), [] {
              return known_of({"b", "new", "c", "a"});
          }) == "2ms failed, 0ms, 3ms, 1ms, ");
}

TEST_CASE("a case that was not run keeps what was known of it") {
    const temporary_directory cache;
    const std::string seen = with_cache(cache.path(), [] {
        const auto cases = cases_named({"not run", "skipped", "left out", "repaired"});
        past_runs::record(
            cases, ended({verdict::failed, verdict::failed, verdict::failed, verdict::failed}));
        past_runs::record(
            cases, ended({verdict::not_run, verdict::skipped, verdict::left_out, verdict::passed}));
        return known_of({"not run", "skipped", "left out", "repaired"});
    });
    CHECK(seen == "1ms failed, 2ms failed, 3ms failed, 4ms, ");
}

TEST_CASE("a case that a signal cut off keeps what was known of it") {
    const temporary_directory cache;
    with_cache(cache.path(), [] {
        past_runs::record(cases_named({"a"}), ended({verdict::passed}));
        auto stopped = ended({verdict::failed});
        stopped.results[0].interrupted = true;
        stopped.results[0].duration = 1h;
        past_runs::record(cases_named({"a"}), stopped);
        return "";
    });
    const auto known = with_cache(cache.path(), [] {
        return known_of({"a"}) + std::to_string(past_runs::of(cases_named({"a"})).passed(0));
    });
    CHECK(known == with_cache(cache.path(), [] { return known_of({"a"}); }) + "1");
    CHECK(known.find("3600000ms") == std::string::npos);
}

TEST_CASE("of cases with one name, the slowest and the one that failed are remembered") {
    const temporary_directory cache;
    const std::string seen = with_cache(cache.path(), [] {
        past_runs::record(cases_named({"a", "a", "a"}),
                          ended({verdict::passed, verdict::failed, verdict::passed}));
        return known_of({"a", "a"});
    });
    CHECK(seen == "3ms failed, 3ms failed, ");
}

TEST_CASE("a history lies in the directory of the project, under the name of the program") {
    const temporary_directory cache;
    with_cache(cache.path(), [] {
        ::setenv("ISOLITE_PROJECT", "shop", 1);
        past_runs::record(cases_named({"a"}), ended({verdict::passed}));
        return "";
    });
    const auto found = histories_below(cache.path());
    REQUIRE(found.size() == 1);
    CHECK(found.front().find(cache / "shop/history/" + program_name() + "-") == 0);
    CHECK(program_name() == files::read_symlink("/proc/self/exe").filename());
}

TEST_CASE("nothing is kept when the cache is off") {
    const temporary_directory home;
    const std::string seen = with_cache("off", [&] {
        ::setenv("HOME", home.path().c_str(), 1);
        ::setenv("XDG_CACHE_HOME", home.path().c_str(), 1);
        std::string text =
            stderr_of([] { past_runs::record(cases_named({"a"}), ended({verdict::failed})); });
        return text += known_of({"a"});
    });
    CHECK(seen == "0ms, ");
    CHECK(files::is_empty(home.path()));
}

TEST_CASE("a damaged history costs one warning, however often it is read") {
    const temporary_directory cache;
    with_cache(cache.path(), [] {
        past_runs::record(cases_named({"a"}), ended({verdict::failed}));
        return "";
    });
    const std::string file = histories_below(cache.path()).at(0);
    std::ofstream(file) << "this is no history, although it has the name of one";
    std::string known;
    const std::string seen = with_cache(cache.path(), [&] {
        std::string text = stderr_of([&] {
            known = known_of({"a"});
            known += known_of({"a"});
        });
        return text += known;
    });
    CHECK(seen == "isolite: warning: cannot read the history of cases: " + file +
                      ": its first line is not \"isolite history 1\"\n  hint: delete " + file +
                      ": the next run makes a new one\n0ms, 0ms, ");
}

TEST_CASE("a run that cannot be recorded costs one warning") {
    const temporary_directory cache;
    std::ofstream(cache / "file").close();
    const std::string seen = with_cache(cache / "file", [] {
        return stderr_of([] {
            past_runs::record(cases_named({"a"}), ended({verdict::failed}));
            past_runs::record(cases_named({"a"}), ended({verdict::failed}));
        });
    });
    CHECK(seen == "isolite: warning: cannot keep anything in the cache: " + (cache / "file") +
                      " is not a directory\n  hint: delete it if it is a leftover, or name "
                      "another directory in ISOLITE_CACHE\n");
}

TEST_CASE("histories that were not written for longer than the cache keeps images are removed") {
    const temporary_directory cache;
    const auto record = [] {
        past_runs::record(cases_named({"a"}), ended({verdict::failed}));
        return "";
    };
    with_cache(cache.path(), record);
    const std::string own = histories_below(cache.path()).at(0);
    const std::string old = files::path(own).parent_path() / "old-0123456789abcdef.history.tsv";
    files::copy_file(own, old);
    files::last_write_time(old, files::last_write_time(old) - std::chrono::hours(24 * 3));
    const auto with_days = [&](const char* days) {
        return with_cache(cache.path(), [&] {
            ::setenv("ISOLITE_CACHE_DAYS", days, 1);
            return record();
        });
    };
    with_days("4");
    CHECK(files::exists(old));
    with_days("3");
    CHECK_FALSE(files::exists(old));
    CHECK(files::exists(own));
}

TEST_CASE("the history of the run that ends is kept, even if nothing else is") {
    const temporary_directory cache;
    const std::string seen = with_cache(cache.path(), [] {
        ::setenv("ISOLITE_CACHE_DAYS", "0", 1);
        past_runs::record(cases_named({"a"}), ended({verdict::failed}));
        return known_of({"a"});
    });
    CHECK(seen == "1ms failed, ");
}

TEST_CASE("what was measured here counts more than what runs elsewhere tell") {
    const temporary_directory cache;
    const std::string seen = with_cache(cache.path(), [] {
        past_runs::record(cases_named({"a"}), ended({verdict::passed}));
        return known_of({"a", "b", "c"}, {{"a", {{9ms}, true}}, {"b", {{8ms}, true}}});
    });
    CHECK(seen == "1ms, 8ms failed, 0ms, ");
    CHECK(with_cache("off", [] {
              return known_of({"b"}, {{"b", {{8ms}, true}}});
          }) == "8ms failed, ");
}

TEST_CASE("the shared history is the file that is named, else the one in the cache, if any") {
    const temporary_directory cache;
    const std::string line = program_name() + "\ta\tpassed\t1\t";
    const std::string head = "isolite history 1\nanother_test\ta\tpassed\t1\t9\n";
    const auto shared = [&](const std::string& file) {
        return with_cache(cache.path(), [&]() -> std::string {
            const auto read = shared_history_in(file);
            return !read           ? read.error().text()
                   : read->empty() ? "empty"
                                   : std::to_string(read->at("a").past().duration.count());
        });
    };
    CHECK(shared("") == "empty");
    CHECK(files::is_empty(cache.path()));
    files::create_directories(cache / "default/history");
    std::ofstream(cache / "default/history/imported.tsv") << head << line << "5\n";
    std::ofstream(cache / "named") << head << line << "6\n";
    std::ofstream(cache / "of another") << head;
    CHECK(shared("") == "5");
    CHECK(shared(cache / "named") == "6");
    CHECK(shared(cache / "of another") == "empty");
    CHECK(shared(cache / "none").find("No such file") != std::string::npos);
    std::ofstream(cache / "default/history/imported.tsv") << "cut";
    CHECK(shared("").find("its first line is not") != std::string::npos);
}
