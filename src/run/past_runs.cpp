#include "run/past_runs.hpp"

#include "error/warning.hpp"
#include "ledger/history.hpp"
#include "worker/effective_settings.hpp"
#include "worker/file_names.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace isolite::run {

namespace {

struct place_of_histories {
    std::string directory;
    int days;
};

/// Returns nothing when the cache is off. What is wrong with its settings was said at the start.
std::optional<place_of_histories> place() {
    const auto settings = effective_settings(detail::environment::of_process(), chosen_cache());
    if (!settings || !settings->keep) {
        return std::nullopt;
    }
    constexpr int hours_a_day = 24;
    // A history of no age is that of the run which ends: the next one is to know it.
    const auto days = std::max<std::chrono::hours::rep>(settings->max_age.count() / hours_a_day, 1);
    return place_of_histories{settings->directory + "/" + settings->project + "/history",
                              static_cast<int>(days)};
}

std::optional<history> history_of_program() {
    const auto where = place();
    return where ? std::optional<history>(history_file(where->directory, detail::program_path()))
                 : std::nullopt;
}

} // namespace

past_runs past_runs::of(const std::vector<test_case>& cases) {
    past_runs found{std::vector<std::chrono::nanoseconds>(cases.size()),
                    std::vector<bool>(cases.size())};
    const auto kept = history_of_program();
    if (!kept) {
        return found;
    }
    const auto known = kept->cases();
    if (!known) {
        warn_once(known.error());
        return found;
    }
    for (std::size_t position = 0; position < cases.size(); ++position) {
        if (const auto entry = known->find(cases[position].name); entry != known->end()) {
            found.durations[position] = entry->second.duration;
            found.failed[position] = entry->second.failed;
        }
    }
    return found;
}

void past_runs::record(const std::vector<test_case>& cases, const outcome& outcome) {
    const auto kept = history_of_program();
    if (!kept) {
        return;
    }
    std::vector<finished_case> finished;
    for (std::size_t position = 0; position < cases.size(); ++position) {
        const case_result& result = outcome.results[position];
        if (result.verdict == verdict::passed || result.verdict == verdict::failed) {
            finished.push_back(
                {cases[position].name, result.duration, result.verdict == verdict::failed});
        }
    }
    if (const auto recorded = kept->record(finished); !recorded) {
        warn_once(recorded.error());
    }
    const auto where = place();
    prune_histories(where->directory, where->days);
}

std::string program_name() {
    const std::string path = detail::program_path();
    return path.substr(path.rfind('/') + 1);
}

} // namespace isolite::run
