#include "ledger/run_directory.hpp"

#include "os/private_directory.hpp"
#include "text/file_names.hpp"
#include "text/numbers.hpp"
#include "worker/effective_settings.hpp"
#include "worker/file_names.hpp"

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

#include <sys/stat.h>
#include <unistd.h>

namespace isolite {

namespace {

namespace files = std::filesystem;

constexpr os::purpose making_runs = {"keep records of what fixtures cost", "ISOLITE_LEDGER"};
constexpr std::size_t most_runs = 20;
constexpr std::uintmax_t most_bytes = std::uintmax_t(256) << 20;

/// Runs that are younger than this may be about to get their first file.
constexpr std::chrono::minutes youth(1);

struct kept_run {
    files::path path;
    files::file_time_type made;
    std::uintmax_t bytes = 0;
    bool is_used = false;
    bool is_ours = false; ///< has files of records, and nothing else
};

/// Calls a function for each entry of a directory, as far as it can be read: another process may be
/// removing it.
template <typename Action>
void for_each_entry(const files::path& directory, Action action) {
    std::error_code failed;
    for (files::directory_iterator at(directory, failed), none; !failed && at != none;
         at.increment(failed)) {
        action(*at);
    }
}

/// Says whether the writer of WORKER-PID.jsonl lives. Another process may have its number, and
/// then the run is kept a little longer.
bool has_living_writer(const std::string& file) {
    const std::size_t start = file.find('-') + 1; // 0 without a hyphen
    const std::size_t end = std::min(file.find_first_not_of("0123456789", start), file.size());
    const auto pid = text::number_in<pid_t>(file.substr(start, end - start));
    return start > 0 && pid && *pid > 0 && (::kill(*pid, 0) == 0 || errno == EPERM);
}

/// Says whether a file is one of records, by its name and its beginning: ISOLITE_LEDGER may name a
/// directory in which there are other things, too. A process that was killed may have left none.
bool has_records(const files::directory_entry& file) {
    constexpr std::string_view beginning = "{\"kind\":\"process\"";
    std::error_code ignored;
    if (file.path().extension() != ".jsonl" ||
        file.symlink_status(ignored).type() != files::file_type::regular) {
        return false;
    }
    std::string start(beginning.size(), '\n');
    std::ifstream(file.path()).read(start.data(), static_cast<std::streamsize>(start.size()));
    return start == beginning || start == std::string(beginning.size(), '\n');
}

kept_run look_at(const files::directory_entry& entry) {
    std::error_code ignored; // what vanishes meanwhile has no size
    kept_run found;
    found.path = entry.path();
    found.made = entry.last_write_time(ignored);
    bool others = false;
    for_each_entry(entry.path(), [&](const files::directory_entry& file) {
        const std::uintmax_t size = file.file_size(ignored);
        found.bytes += ignored ? 0 : size;
        found.is_used = found.is_used || has_living_writer(file.path().filename().string());
        const bool is_ours = has_records(file);
        found.is_ours = found.is_ours || is_ours;
        others = others || !is_ours;
    });
    found.is_ours = found.is_ours && !others;
    return found;
}

/// Removes the files of a run, and its directory unless it got another one meanwhile.
void remove_run(const files::path& run) {
    std::error_code ignored; // what cannot be removed stays
    for_each_entry(run, [&](const files::directory_entry& file) {
        if (has_records(file)) {
            files::remove(file.path(), ignored);
        }
    });
    ::rmdir(run.c_str());
}

/// Removes runs beyond the bounds, the oldest first.
void prune(const std::string& runs) {
    std::vector<kept_run> kept;
    for_each_entry(runs, [&](const files::directory_entry& entry) {
        std::error_code ignored;
        if (entry.symlink_status(ignored).type() == files::file_type::directory) {
            kept.push_back(look_at(entry));
        }
    });
    std::sort(kept.begin(), kept.end(),
              [](const kept_run& one, const kept_run& other) { return one.made > other.made; });
    const auto young = files::file_time_type::clock::now() - youth;
    std::uintmax_t bytes = 0;
    for (std::size_t i = 0; i < kept.size(); ++i) {
        bytes += kept[i].bytes;
        if ((i >= most_runs || bytes > most_bytes) && kept[i].is_ours && !kept[i].is_used &&
            kept[i].made < young) {
            remove_run(kept[i].path);
        }
    }
}

} // namespace

result<std::optional<runs_place>> place_of_runs(const detail::environment& variables,
                                                const cache_settings& settings) {
    const auto chosen = variables.find("ISOLITE_LEDGER");
    if (chosen && *chosen == "off") {
        return std::nullopt;
    }
    if (chosen && !detail::is_absolute(*chosen)) {
        return tl::unexpected(detail::variable_error(
            making_runs.task, "ISOLITE_LEDGER", *chosen, "neither off nor an absolute path",
            "write a path that begins with /: it must name the same directory in all workers"));
    }
    if (chosen) { // without slashes at the end, which would name a link's target, too
        return runs_place{
            chosen->substr(0, std::max<std::size_t>(chosen->find_last_not_of('/') + 1, 1))};
    }
    if (!settings.keep) {
        return std::nullopt;
    }
    const std::string project = settings.directory + "/" + settings.project;
    return runs_place{settings.directory, project, project + "/runs"};
}

result<std::optional<runs_place>> place_of_runs(const detail::environment& variables) {
    return effective_settings(variables, chosen_cache())
        .and_then(
            [&](const cache_settings& settings) { return place_of_runs(variables, settings); });
}

result<std::string> make_run_directory(const runs_place& place, const std::string& run_id) {
    for (const std::string& directory : place) {
        const auto& purpose = &directory == &place.back() ? making_runs : using_the_cache;
        if (auto made = os::make_private_directory(directory, purpose); !made) {
            return tl::unexpected(made.error());
        }
    }
    std::string path = place.back() + "/" + text::unique_file_name(run_id);
    struct stat status {};
    const bool is_new = ::lstat(path.c_str(), &status) != 0;
    return os::make_private_directory(path, making_runs).map([&] {
        if (is_new) {
            prune(place.back());
        }
        return std::move(path);
    });
}

} // namespace isolite
