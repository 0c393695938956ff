#include "ledger/run_directory.hpp"

#include "worker/effective_settings.hpp"
#include "worker/file_names.hpp"
#include "worker/runtime_directory.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace isolite {

namespace {

namespace files = std::filesystem;

constexpr detail::purpose making_runs = {"keep records of what fixtures cost", "ISOLITE_LEDGER"};
constexpr std::size_t most_runs = 20;
constexpr std::uintmax_t most_bytes = std::uintmax_t(256) << 20;

struct kept_run {
    files::path path;
    files::file_time_type made;
    std::uintmax_t bytes = 0;
    bool is_used = false;
};

/// Says whether the writer of WORKER-PID.jsonl lives. Another process may have its number, and
/// then the run is kept a little longer.
bool has_living_writer(const std::string& file) {
    long pid = 0;
    const std::size_t hyphen = file.find('-');
    const char* const end = file.data() + file.size();
    return hyphen != std::string::npos &&
           std::from_chars(file.data() + hyphen + 1, end, pid).ec == std::errc() && pid > 0 &&
           (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

kept_run look_at(const files::directory_entry& entry) {
    std::error_code ignored; // what vanishes meanwhile has no size
    kept_run found;
    found.path = entry.path();
    found.made = entry.last_write_time(ignored);
    for (const auto& file : files::directory_iterator(entry.path(), ignored)) {
        const std::uintmax_t size = file.file_size(ignored);
        found.bytes += ignored ? 0 : size;
        found.is_used = found.is_used || has_living_writer(file.path().filename().string());
    }
    return found;
}

/// Removes runs beyond the bounds, the oldest first.
void prune(const std::string& runs) {
    std::error_code ignored; // a run that cannot be removed stays
    std::vector<kept_run> kept;
    for (const auto& entry : files::directory_iterator(runs, ignored)) {
        if (entry.symlink_status(ignored).type() == files::file_type::directory) {
            kept.push_back(look_at(entry));
        }
    }
    std::sort(kept.begin(), kept.end(),
              [](const kept_run& one, const kept_run& other) { return one.made > other.made; });
    std::uintmax_t bytes = 0;
    for (std::size_t i = 0; i < kept.size(); ++i) {
        bytes += kept[i].bytes;
        if ((i >= most_runs || bytes > most_bytes) && !kept[i].is_used) {
            files::remove_all(kept[i].path, ignored);
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
    if (chosen) {
        return runs_place{*chosen};
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
    std::error_code ignored; // the directory itself says what is wrong
    files::create_directories(files::path(place.front()).parent_path(), ignored);
    for (const std::string& directory : place) {
        if (auto made = detail::make_private_directory(directory, making_runs); !made) {
            return tl::unexpected(made.error());
        }
    }
    std::string path = place.back() + "/" + detail::unique_file_name(run_id);
    const bool is_new = ::mkdir(path.c_str(), S_IRWXU) == 0;
    return detail::make_private_directory(path, making_runs).map([&] {
        if (is_new) {
            prune(place.back());
        }
        return std::move(path);
    });
}

} // namespace isolite
