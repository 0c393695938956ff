#include "results/past_runs.hpp"

#include "error/warning.hpp"
#include "os/files.hpp"
#include "os/own_process.hpp"
#include "results/history_text.hpp"
#include "worker/effective_settings.hpp"
#include "worker/file_names.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace isolite::results {

namespace {

/// Returns nothing when the cache is off, or nobody can tell which program this is. What is wrong
/// with its settings was said at the start.
std::optional<cache_settings> settings_of_process() {
    const auto settings =
        workers::effective_settings(workers::environment::of_process(), workers::chosen_cache());
    return settings && settings->keep && !os::program_path().empty() ? std::optional(*settings)
                                                                     : std::nullopt;
}

history history_of_program(const cache_settings& cache) {
    return history(history_file(place_of_histories(cache), os::program_path()));
}

void prune(const cache_settings& cache) {
    constexpr int hours_a_day = 24;
    // A history of no age is that of the run which ends: the next one is to know it.
    const auto days = std::max<std::chrono::hours::rep>(cache.max_age.count() / hours_a_day, 1);
    prune_histories(place_of_histories(cache), static_cast<unsigned>(days));
}

} // namespace

std::string place_of_histories(const cache_settings& cache) {
    return cache.directory + "/" + cache.project + "/history";
}

std::string imported_history(const cache_settings& cache) {
    return place_of_histories(cache) + "/imported.tsv";
}

result<shared_history> shared_history_in(const std::string& file) {
    std::string path = file;
    if (path.empty()) {
        const auto cache = settings_of_process();
        if (!cache || !os::look_at(imported_history(*cache))) {
            return shared_history();
        }
        path = imported_history(*cache);
    }
    return read_histories(path).map([](program_histories all) {
        return std::move(all[name_in_histories(os::program_path())]);
    });
}

past_runs past_runs::of(const std::vector<test_case>& cases, const shared_history& elsewhere) {
    past_runs found{std::vector<std::chrono::nanoseconds>(cases.size()),
                    std::vector<bool>(cases.size())};
    kept_cases known;
    if (const auto cache = settings_of_process()) {
        if (auto own = history_of_program(*cache).cases()) {
            known = *std::move(own);
        } else {
            warnings::warn_once(own.error());
        }
    }
    for (std::size_t position = 0; position < cases.size(); ++position) {
        const std::string& name = cases[position].name;
        const auto own = known.find(name);
        const auto other = own == known.end() ? elsewhere.find(name) : elsewhere.end();
        if (own != known.end() || other != elsewhere.end()) {
            const past_case past = own != known.end() ? own->second.past() : other->second.past();
            found.durations[position] = past.duration;
            found.failed[position] = past.failed;
        }
    }
    return found;
}

bool past_runs::have_failures() {
    const auto cache = settings_of_process();
    return cache && history_of_program(*cache).has_failures().value_or(true);
}

bool past_runs::record(const std::vector<test_case>& cases, const outcome& outcome) {
    const auto cache = settings_of_process();
    if (!cache) {
        return false;
    }
    std::vector<finished_case> finished;
    for (std::size_t position = 0; position < cases.size(); ++position) {
        const case_result& result = outcome.results[position];
        const bool ended = result.verdict == verdict::passed || result.verdict == verdict::failed;
        if (ended && !result.interrupted) {
            finished.push_back(
                {cases[position].name, result.duration, result.verdict == verdict::failed});
        }
    }
    const auto recorded = workers::make_cache(*cache).and_then(
        [&] { return history_of_program(*cache).record(finished); });
    if (!recorded) {
        warnings::warn_once(recorded.error());
        return false; // what others may have put there is not pruned either
    }
    prune(*cache);
    return true;
}

} // namespace isolite::results
