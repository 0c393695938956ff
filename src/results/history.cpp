#include "results/history.hpp"

#include "os/files.hpp"
#include "os/private_directory.hpp"
#include "os/whole_file.hpp"
#include "results/history_text.hpp"
#include "text/file_names.hpp"

#include <xxhash.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <utility>

namespace isolite::results {

namespace {

namespace files = std::filesystem;

constexpr unsigned for_its_owner = 0600;

constexpr os::purpose reading = {"read the history of cases", "ISOLITE_CACHE"};
constexpr os::purpose recording = {"record the history of cases", "ISOLITE_CACHE"};

std::string directory_of(const std::string& file) {
    return file.substr(0, file.rfind('/'));
}

/// One for all histories of a directory, since a file that is replaced cannot be its own lock.
std::string lock_beside(const std::string& directory) {
    return directory + "/lock";
}

/// Returns the text of a history, "" if there is none.
result<std::string> text_of(const std::string& file, const os::purpose& purpose) {
    auto text = os::read_whole_file(file);
    if (!text && text.error() != ENOENT) {
        return tl::unexpected(os::system_error(purpose, "reading " + file, text.error()));
    }
    return text ? *std::move(text) : std::string();
}

error wrong_history(const os::purpose& purpose, const std::string& file, const std::string& why) {
    return {errc::system, std::string(purpose.task) + ": " + file + ": " + why,
            "delete " + file + ": the next run makes a new one"};
}

result<std::string> read_text(const std::string& file) {
    if (!os::look_at(file)) {
        return std::string();
    }
    return os::make_private_directory(directory_of(file), reading).and_then([&] {
        return text_of(file, reading);
    });
}

result<void> add_to_file(const std::string& file, const std::vector<finished_case>& run) {
    const auto text = text_of(file, recording);
    if (!text) {
        return tl::unexpected(text.error());
    }
    const auto longer = with_run(*text, program_of_history(file), run, std::time(nullptr));
    if (!longer) {
        return tl::unexpected(wrong_history(recording, file, longer.error()));
    }
    const int failed = os::replace_file(file, *longer, for_its_owner);
    if (failed != 0) {
        return tl::unexpected(os::system_error(recording, "writing " + file, failed));
    }
    return {};
}

bool is_older_than(const std::string& path, unsigned days) {
    constexpr std::time_t day = 86400;
    const auto found = os::look_at(path);
    return found && found->is_regular() &&
           (std::time(nullptr) - found->modified.tv_sec) / day >= static_cast<std::time_t>(days);
}

} // namespace

history::history(std::string file, std::chrono::milliseconds patience)
    : file_(std::move(file)), patience_(patience) {}

result<kept_cases> history::cases() const {
    const auto text = read_text(file_);
    if (!text || text->empty()) {
        return text.map([](const std::string& /*empty*/) { return kept_cases(); });
    }
    auto all = histories_in(*text);
    if (!all) {
        return tl::unexpected(wrong_history(reading, file_, all.error()));
    }
    return all->empty() ? kept_cases() : std::move(all->begin()->second);
}

result<bool> history::has_failures() const {
    return read_text(file_).map(tells_of_failures);
}

result<void> history::record(const std::vector<finished_case>& run) const {
    const std::string directory = directory_of(file_);
    return os::make_private_directory(directory, recording)
        .and_then([&] { return os::lock_file::open(lock_beside(directory), recording); })
        .and_then([&](os::lock_file lock) {
            return lock.lock_within(patience_).and_then([&] { return add_to_file(file_, run); });
        });
}

std::string name_in_histories(const std::string& program) {
    constexpr std::size_t longest = 60;
    return text::file_name(files::path(program).filename().string(), longest, "_");
}

std::string history_file(const std::string& directory, const std::string& program) {
    std::error_code unknown; // where the working directory was removed the name has to do
    const files::path absolute = files::absolute(program, unknown);
    const files::path path = (unknown ? files::path(program) : absolute).lexically_normal();
    const std::string text = path.string();
    std::array<char, 20> hash{};
    std::snprintf(hash.data(), hash.size(), "%016llx",
                  static_cast<unsigned long long>(XXH3_64bits(text.data(), text.size())));
    return directory + "/" + name_in_histories(text) + "-" + hash.data() +
           std::string(history_suffix);
}

std::string program_of_history(const std::string& file) {
    constexpr std::size_t hash = 17; // with its hyphen
    const std::string name = file.substr(file.rfind('/') + 1);
    const std::size_t end = hash + history_suffix.size();
    const bool is_history = name.size() > end && name.compare(name.size() - history_suffix.size(),
                                                              name.npos, history_suffix) == 0;
    return is_history ? name.substr(0, name.size() - end) : "";
}

void prune_histories(const std::string& directory, unsigned days) {
    std::vector<std::string> old;
    for (const std::string& name : os::names_in(directory)) {
        const std::string path = directory + "/" + name;
        // Also one that a process was writing when it was killed.
        if (name.find(history_suffix) != name.npos && is_older_than(path, days)) {
            old.push_back(path);
        }
    }
    if (old.empty()) {
        return;
    }
    auto lock = os::lock_file::open(lock_beside(directory), recording);
    if (!lock || !lock->try_lock().value_or(false)) {
        return;
    }
    for (const std::string& path : old) {
        if (is_older_than(path, days)) {
            os::remove_file(path);
        }
    }
}

} // namespace isolite::results
