#include "cli/variables.hpp"

#include "os/own_process.hpp"

#include <algorithm>
#include <numeric>

namespace isolite::cli {

namespace {

const std::vector<std::string>& own_variables() {
    static const std::vector<std::string> names = {
        "ISOLITE_CACHE",        "ISOLITE_CACHE_DAYS",  "ISOLITE_CACHE_FRESH",
        "ISOLITE_CACHE_MB",     "ISOLITE_EVIDENCE",    "ISOLITE_LEDGER",
        "ISOLITE_PROJECT",      "ISOLITE_RUNTIME_DIR", "ISOLITE_RUN_ID",
        "ISOLITE_SHARD_INDEX",  "ISOLITE_SUMMARY",     "ISOLITE_TIMEOUT",
        "ISOLITE_TOTAL_SHARDS", "ISOLITE_WORKERS",     "ISOLITE_WORKER_INCARNATION",
        "ISOLITE_WORKER_SLOT",
    };
    return names;
}

/// Of test runners and of the system.
const std::vector<std::string>& foreign_variables() {
    static const std::vector<std::string> names = {
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
    return names;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool begins_as_ours(const std::string& name) {
    return name.rfind("ISOLITE_", 0) == 0;
}

/// Returns how many letters have to be inserted, deleted or replaced to make one of the other.
std::size_t distance(const std::string& left, const std::string& right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t(0));
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
        }
    }
    return row.back();
}

} // namespace

variable_map variables_of_process() {
    return os::own_variables();
}

variable_map relevant_variables(const variable_map& all) {
    variable_map relevant;
    for (const auto& [name, value] : all) {
        if (begins_as_ours(name) || has(foreign_variables(), name)) {
            relevant.emplace(name, value);
        }
    }
    return relevant;
}

bool is_known_variable(const std::string& name) {
    return has(own_variables(), name) || has(foreign_variables(), name);
}

std::string similar_variable(const std::string& name) {
    constexpr std::size_t most_different = 4;
    std::string best;
    std::size_t least = most_different;
    for (const std::string& candidate : own_variables()) {
        if (const std::size_t differs = distance(name, candidate); differs < least) {
            least = differs;
            best = candidate;
        }
    }
    return best;
}

} // namespace isolite::cli
