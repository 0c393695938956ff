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
    shared_history past;
    std::string path = file;
    if (path.empty()) {
        const auto cache = settings_of_process();
        if (!cache || !os::look_at(imported_history(*cache))) {
            return past;
        }
        path = imported_history(*cache);
    }
    return read_histories(path).map([&](const program_histories& all) {
        if (const auto own = all.find(name_in_histories(os::program_path())); own != all.end()) {
            for (const auto& [name, kept] : own->second) {
                past.emplace_hint(past.end(), name, kept.past());
            }
        }
        return std::move(past);
    });
}

past_runs past_runs::of(const std::vector<test_case>& cases, const shared_history& elsewhere) {
    past_runs found{std::vector<std::chrono::nanoseconds>(cases.size()),
                    std::vector<bool>(cases.size())};
    std::map<std::string, past_case> known;
    if (const auto cache = settings_of_process()) {
        if (auto own = history_of_program(*cache).cases()) {
            known = *std::move(own);
        } else {
            warnings::warn_once(own.error());
        }
    }
    known.insert(elsewhere.begin(), elsewhere.end());
    for (std::size_t position = 0; position < cases.size(); ++position) {
        if (const auto entry = known.find(cases[position].name); entry != known.end()) {
            found.durations[position] = entry->second.duration;
            found.failed[position] = entry->second.failed;
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
