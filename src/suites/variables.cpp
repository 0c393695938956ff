#include "suites/variables.hpp"

#include "error/warning.hpp"
#include "ledger/run_directory.hpp"
#include "os/own_process.hpp"
#include "results/history_text.hpp"
#include "run/command_line.hpp"
#include "sandbox/evidence.hpp"
#include "text/spelling.hpp"
#include "worker/detection.hpp"
#include "worker/effective_settings.hpp"
#include "worker/runtime_directory.hpp"

#include <algorithm>
#include <vector>

namespace isolite::suites {

namespace {

using workers::environment;

template <typename Value>
result<void> checked(const result<Value>& read) {
    return read ? result<void>() : tl::unexpected(read.error());
}

result<void> check_place(const environment& variables) {
    workers::surroundings around;
    around.variables = variables;
    return checked(workers::detect_place(around));
}

result<void> check_shard(const environment& variables) {
    return checked(workers::detect_shard(variables));
}

result<void> check_options(const environment& variables) {
    return checked(run::combine({}, variables));
}

result<void> check_history(const environment& variables) {
    const auto chosen = run::combine({}, variables);
    if (!chosen || chosen->history.empty()) {
        return checked(chosen);
    }
    return checked(results::read_histories(chosen->history));
}

result<void> check_runtime_directory(const environment& variables) {
    return checked(workers::path_of_runtime_directory(variables));
}

result<void> check_cache(const environment& variables) {
    return checked(workers::effective_settings(variables, workers::chosen_cache()));
}

result<void> check_runs(const environment& variables) {
    return checked(records::place_of_runs(variables));
}

} // namespace

const std::array<known_variable, 24> known_variables = {{
    {"ISOLITE_RUN_ID", "text, 1 to 80 bytes", "the runner's process", check_place},
    {"ISOLITE_WORKER_SLOT", "number from 0; needs `ISOLITE_RUN_ID`", "claimed", check_place},
    {"ISOLITE_WORKER_INCARNATION", "number from 0; needs `ISOLITE_WORKER_SLOT`", "`0`",
     check_place},
    {"ISOLITE_SHARD_INDEX", "number below the total", "the whole suite", check_shard},
    {"ISOLITE_TOTAL_SHARDS", "number from 1", "the whole suite", check_shard},
    {"ISOLITE_HISTORY", "absolute path of a file", "what was imported", check_history},
    {"ISOLITE_WORKERS", "`auto`, or a number to 256", "`0`", check_options},
    {"ISOLITE_TIMEOUT", "seconds, more than 0; implies a worker", "none", check_options},
    {"ISOLITE_WORKER_EXIT", "`own`, `all` or `quick`", "`own`", check_options},
    {"ISOLITE_FILES", "patterns, `:` between them", "none", check_options},
    {"ISOLITE_JUNIT", "absolute path, of a file or with `/` at its end", "no report",
     check_options},
    {"ISOLITE_REPORT", "absolute path, of a file or with `/` at its end", "no page", check_options},
    {"ISOLITE_VERIFY", "`on` or `off`", "`off`", check_options},
    {"ISOLITE_BUDGET", "seconds, more than 0", "`60`", check_options},
    {"ISOLITE_VERIFY_JSON", "absolute path of a file", "none", check_options},
    {"ISOLITE_RUNTIME_DIR", "absolute path", "see [lock files](#lock-files)",
     check_runtime_directory},
    {"ISOLITE_EVIDENCE", "absolute path, or `off`",
     "see [failed tests](fixtures.md#a-failed-test-keeps-its-database)",
     sandbox::check_place_of_evidence},
    {"ISOLITE_CACHE", "absolute path, or `off`", "see [images](images.md#the-settings)",
     check_cache},
    {"ISOLITE_CACHE_FRESH", "`on` or `off`", "`off`", check_cache},
    {"ISOLITE_PROJECT", "letters, digits, `-`, `_`, `.`", "`default`", check_cache},
    {"ISOLITE_CACHE_MB", "number, units of 1024 * 1024 bytes", "`1024`", check_cache},
    {"ISOLITE_CACHE_DAYS", "number", "`30`", check_cache},
    {"ISOLITE_LEDGER", "absolute path, or `off`", "`runs` in the project's part of the cache",
     check_runs},
    {"ISOLITE_SUMMARY", "`off`, `failures`, `on` or `timings`", "`on`", check_options},
}};

namespace {

constexpr const char* prefix = "ISOLITE_";

/// Of test runners and of the system.
constexpr std::array foreign_variables = {
    "CTEST_RESOURCE_GROUP_COUNT",
    "GTEST_SHARD_INDEX",
    "GTEST_TOTAL_SHARDS",
    "NEXTEST_RUN_ID",
    "NEXTEST_TEST_GLOBAL_SLOT",
    "PYTEST_XDIST_TESTRUNUID",
    "PYTEST_XDIST_WORKER",
    "TEST_PARALLEL_INDEX",
    "TEST_SHARD_INDEX",
    "TEST_SHARD_STATUS_FILE",
    "TEST_TOTAL_SHARDS",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR",
};

bool begins_with(const std::string& name, const std::string& start) {
    return name.compare(0, start.size(), start) == 0;
}

bool is_foreign(const std::string& name) {
    return std::find(foreign_variables.begin(), foreign_variables.end(), name) !=
           foreign_variables.end();
}

} // namespace

variable_map relevant_variables(const variable_map& all) {
    variable_map relevant;
    for (const auto& [name, value] : all) {
        if (begins_with(name, prefix) || is_foreign(name)) {
            relevant.emplace(name, value);
        }
    }
    return relevant;
}

bool is_read(const std::string& name) {
    return is_foreign(name) || begins_with(name, "ISOLITE_TEST_") ||
           std::any_of(known_variables.begin(), known_variables.end(),
                       [&](const known_variable& each) { return each.name == name; });
}

std::string similar_variable(const std::string& name) {
    constexpr std::size_t most_different = 4;
    std::string best;
    std::size_t least = most_different;
    for (const known_variable& candidate : known_variables) {
        if (const std::size_t differs = text::letters_between(name, std::string(candidate.name));
            differs < least) {
            least = differs;
            best = candidate.name;
        }
    }
    return best;
}

void warn_about_unread_variables() {
    for (const auto& [name, value] : relevant_variables(os::own_variables())) {
        if (!is_read(name)) {
            const std::string similar = similar_variable(name);
            warnings::complain("warning: nobody reads " + name + "\n  hint: " +
                               (similar.empty() ? "unset it: isolite has no such variable"
                                                : "did you mean " + similar + "?"));
        }
    }
}

} // namespace isolite::suites
