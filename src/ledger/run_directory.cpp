#include "ledger/run_directory.hpp"

#include "os/files.hpp"
#include "os/private_directory.hpp"
#include "os/process_tree.hpp"
#include "text/file_names.hpp"
#include "text/numbers.hpp"
#include "worker/effective_settings.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace isolite::records {

namespace {

namespace files = std::filesystem;

constexpr os::purpose making_runs = {"keep records of what fixtures cost", "ISOLITE_LEDGER"};
constexpr std::size_t most_runs = 20;
constexpr std::uint64_t most_bytes = std::uint64_t(256) << 20;
constexpr std::size_t most_removed = 8; // at a start, which waits for it

/// Runs that are younger than this may be about to get their first file.
/// Units: seconds.
constexpr std::time_t youth = 60;

struct kept_run {
    std::string path;
    std::time_t made = 0;
};

/// Says whether a file of records has the last of them, after which nobody writes to it.
bool has_ended(const std::string& path, std::uint64_t bytes) {
    constexpr std::string_view last = "{\"kind\":\"end\"";
    constexpr std::uint64_t most = 100; // of a line with a number in it
    std::string end(static_cast<std::size_t>(std::min(bytes, most)), ' ');
    std::ifstream file(path);
    file.seekg(static_cast<std::streamoff>(bytes - end.size()));
    file.read(end.data(), static_cast<std::streamsize>(end.size()));
    const std::size_t at = end.rfind(last);
    return at != std::string::npos && end.find('\n', at) == end.size() - 1;
}

/// Says whether the writer of WORKER-PID.jsonl may live. Another process may have its number, which
/// is likely where a run has had many processes; if the file does not tell, the run is then kept a
/// little longer.
bool has_living_writer(const std::string& run, const std::string& file, std::uint64_t bytes) {
    const std::size_t start = file.find('-') + 1; // 0 without a hyphen
    const std::size_t end = std::min(file.find_first_not_of("0123456789", start), file.size());
    const auto pid = text::number_in<pid_t>(file.substr(start, end - start));
    return start > 0 && pid && *pid > 0 && os::is_alive(*pid) &&
           !has_ended(files::path(run) / file, bytes);
}

/// Says whether a file is one of records, by its name and its beginning: ISOLITE_LEDGER may name a
/// directory in which there are other things, too. A process that was killed may have left none.
bool has_records(const std::string& path, const os::file_facts& file) {
    constexpr std::string_view beginning = "{\"kind\":\"process\"";
    if (files::path(path).extension() != ".jsonl" || !file.is_regular()) {
        return false;
    }
    std::string start(beginning.size(), '\n');
    std::ifstream(path).read(start.data(), static_cast<std::streamsize>(start.size()));
    return start == beginning || start == std::string(beginning.size(), '\n');
}

/// Returns the size of a run. It has a file for each process: one for each case of a suite, maybe.
std::uint64_t bytes_in(const std::string& run) {
    std::uint64_t bytes = 0;
    for (const std::string& name : os::names_in(run)) {
        bytes += os::look_at(files::path(run) / name).value_or(os::file_facts()).bytes;
    }
    return bytes;
}

/// Says whether a run has files of records and nothing else, and none of their writers lives.
bool is_done_with(const std::string& run) {
    const std::vector<std::string> names = os::names_in(run);
    return !names.empty() && std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        const std::string path = files::path(run) / name;
        const auto file = os::look_at(path).value_or(os::file_facts()); // it may have vanished
        return has_records(path, file) && !has_living_writer(run, name, file.bytes);
    });
}

/// Removes the files of a run, and its directory unless it got another one meanwhile.
void remove_run(const std::string& run) {
    for (const std::string& name : os::names_in(run)) {
        const std::string path = files::path(run) / name;
        if (const auto file = os::look_at(path); file && has_records(path, *file)) {
            os::remove_file(path); // what cannot be removed stays
        }
    }
    std::error_code ignored;
    files::remove(run, ignored);
}

/// Removes runs beyond the bounds, the oldest first. Whoever starts a run waits for that, so only
/// what may be removed is looked into.
void prune(const std::string& runs) {
    std::vector<kept_run> kept;
    for (const std::string& name : os::names_in(runs)) {
        std::string run = files::path(runs) / name;
        if (const auto facts = os::look_at(run); facts && facts->is_directory()) {
            kept.push_back({std::move(run), facts->modified.tv_sec});
        }
    }
    std::sort(kept.begin(), kept.end(),
              [](const kept_run& one, const kept_run& other) { return one.made > other.made; });
    std::size_t stay = 0;
    for (std::uint64_t bytes = 0; stay < std::min(kept.size(), most_runs); ++stay) {
        bytes += bytes_in(kept[stay].path);
        if (bytes > most_bytes) {
            break;
        }
    }
    const std::time_t young = std::time(nullptr) - youth;
    std::size_t removed = 0;
    for (std::size_t i = kept.size(); i > stay && removed < most_removed; --i) {
        const kept_run& oldest = kept[i - 1];
        if (oldest.made < young && is_done_with(oldest.path)) {
            remove_run(oldest.path);
            ++removed;
        }
    }
}

} // namespace

result<std::optional<runs_place>> place_of_runs(const workers::environment& variables,
                                                const cache_settings& settings) {
    using place = std::optional<runs_place>;
    return workers::read_place(variables, making_runs.task, "ISOLITE_LEDGER")
        .map([&](const std::optional<std::string>& chosen) -> place {
            if (chosen ? *chosen == "off" : !settings.keep) {
                return std::nullopt;
            }
            if (chosen) { // without slashes at the end, which would name a link's target, too
                return runs_place{
                    chosen->substr(0, std::max<std::size_t>(chosen->find_last_not_of('/') + 1, 1))};
            }
            const std::string project = settings.directory + "/" + settings.project;
            return runs_place{settings.directory, project, project + "/runs"};
        });
}

result<std::optional<runs_place>> place_of_runs(const workers::environment& variables) {
    return workers::effective_settings(variables, workers::chosen_cache())
        .and_then(
            [&](const cache_settings& settings) { return place_of_runs(variables, settings); });
}

result<std::string> make_run_directory(const runs_place& place, const std::string& run_id) {
    for (const std::string& directory : place) {
        const auto& purpose = &directory == &place.back() ? making_runs : workers::using_the_cache;
        if (auto made = os::make_private_directory(directory, purpose); !made) {
            return tl::unexpected(made.error());
        }
    }
    std::string path = place.back() + "/" + text::unique_file_name(run_id);
    const bool is_new = !os::look_at(path);
    return os::make_private_directory(path, making_runs).map([&] {
        if (is_new) {
            prune(place.back());
        }
        return std::move(path);
    });
}

} // namespace isolite::records
