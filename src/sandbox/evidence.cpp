#include "sandbox/evidence.hpp"

#include "worker/environment.hpp"
#include "worker/file_names.hpp"
#include "worker/runtime_directory.hpp"

#include <isolite/worker.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace isolite {

namespace {

namespace files = std::filesystem;

constexpr int most = 10;

int& written() {
    static int count = 0;
    return count;
}

std::string chosen_place() {
    const auto variables = detail::environment::of_process();
    return variables.find("ISOLITE_EVIDENCE").value_or("");
}

std::string file_name(const std::string& text) {
    constexpr std::size_t longest = 100;
    return detail::file_name(text, longest, "_.");
}

/// Returns a name for the program that two work trees do not share.
std::string program_name() {
    const files::path path = detail::program_path();
    std::array<char, 20> number{};
    std::snprintf(number.data(), number.size(), "%08x",
                  static_cast<unsigned>(std::hash<std::string>()(path.string())));
    return file_name(path.filename().string()) + "-" + number.data();
}

constexpr const char* how_to_choose =
    "name another directory in ISOLITE_EVIDENCE, or set it to off";

/// Tests run in whatever directory their runner chose, which is no place for files.
result<files::path> absolute(const std::string& variable, const std::string& path) {
    if (detail::is_absolute(path)) {
        return path;
    }
    return tl::unexpected(error{
        errc::environment, variable + " is \"" + path + "\", not an absolute path", how_to_choose});
}

/// Returns the directory for everything of this user that is kept for a while.
result<files::path> own_temporary() {
    const auto temporary = detail::temporary_directory(detail::environment::of_process());
    return absolute("TMPDIR", temporary).map([&](const files::path& path) {
        return files::path(detail::own_directory_in(path.string()));
    });
}

result<files::path> base_directory() {
    if (const std::string chosen = chosen_place(); !chosen.empty()) {
        return absolute("ISOLITE_EVIDENCE", chosen);
    }
    return own_temporary().and_then([](const files::path& path) -> result<files::path> {
        if (!detail::make_private_directory(path.string())) {
            return tl::unexpected(error{errc::system,
                                        path.string() + " is no directory of this user alone",
                                        how_to_choose});
        }
        return path / "evidence";
    });
}

std::string name_of_run() {
    const auto& worker = worker::current();
    return worker ? file_name(worker->run_id) : "run";
}

/// Opens a directory and locks it, for as long as the descriptor is open. Returns -1 when it cannot
/// be opened, or is locked by another process.
int locked(const files::path& directory, int lock) {
    const int opened = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened >= 0 && ::flock(opened, lock | LOCK_NB) != 0) {
        ::close(opened);
        return -1;
    }
    return opened;
}

/// Removes what earlier runs of the program left, but for runs that are still going on.
void remove_earlier_runs(const files::path& of_program) {
    std::error_code failed; // there may be nothing, and another process may remove it meanwhile
    for (const auto& run : files::directory_iterator(of_program, failed)) {
        if (run.path().filename() == name_of_run()) {
            continue;
        }
        if (const int lock = locked(run.path(), LOCK_EX); lock >= 0) {
            std::error_code ignored;
            files::remove_all(run.path(), ignored);
            ::close(lock);
        }
    }
}

/// Makes the directory of this run and locks it until the process ends.
result<files::path> make_directory() {
    return base_directory().and_then([&](const files::path& base) -> result<files::path> {
        remove_earlier_runs(base / program_name());
        const files::path own = base / program_name() / name_of_run();
        std::error_code failed;
        files::create_directories(own, failed);
        if (failed) {
            return tl::unexpected(error{errc::system,
                                        own.string() + " cannot be made: " + failed.message(),
                                        how_to_choose});
        }
        static_cast<void>(locked(own, LOCK_SH));
        return own;
    });
}

const result<files::path>& directory_of_run() {
    static const result<files::path> made = make_directory();
    return made;
}

/// Returns a path that no earlier file has.
files::path free_path(const files::path& directory, const std::string& name) {
    files::path path = directory / (name + ".db");
    for (int number = 2; files::exists(path); ++number) {
        path = directory / (name + "-" + std::to_string(number) + ".db");
    }
    return path;
}

bool write(const files::path& path, const store::image& content) {
    std::ofstream file(path, std::ios::binary);
    std::vector<char> bytes(content.size());
    for (std::size_t page = 0, done = 0; done < bytes.size(); ++page, done += store::page_size) {
        std::memcpy(bytes.data() + done, content.page(page),
                    std::min(store::page_size, bytes.size() - done));
    }
    constexpr std::size_t file_format_versions = 18;
    if (bytes.size() > file_format_versions + 1) { // WAL mode would want a log to be made
        bytes[file_format_versions] = bytes[file_format_versions + 1] = 1;
    }
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return static_cast<bool>(file.flush());
}

} // namespace

result<void> check_place_of_evidence() {
    const std::string chosen = chosen_place();
    if (chosen == "off") {
        return {};
    }
    const auto place = chosen.empty() ? own_temporary() : absolute("ISOLITE_EVIDENCE", chosen);
    return place.map([](const files::path&) {}).map_error([](error problem) {
        problem.message = "keep the databases of failed tests: " + problem.message;
        return problem;
    });
}

void remove_earlier_evidence() {
    if (chosen_place() == "off") {
        return;
    }
    if (const auto own = own_temporary(); chosen_place().empty() && own && !files::exists(*own)) {
        return; // which `base_directory` would make
    }
    if (const auto base = base_directory()) {
        remove_earlier_runs(*base / program_name());
    }
}

bool evidence_wanted() {
    return chosen_place() != "off" && written() < most;
}

std::string write_evidence(const std::string& test, const std::vector<exhibit>& databases) {
    if (!evidence_wanted()) {
        return {};
    }
    ++written();
    const auto& directory = directory_of_run();
    if (!directory) {
        return "\n  its database was not kept: " + directory.error().message +
               "\n  hint: " + directory.error().hint;
    }
    std::string lines;
    for (const exhibit& each : databases) {
        const bool several = databases.size() > 1;
        const std::string name = file_name(test) + (several ? "." + file_name(each.database) : "");
        const files::path path = free_path(*directory, name);
        lines += write(path, *each.now)
                     ? "\n  kept: sqlite3 -readonly '" + path.string() + "'"
                     : "\n  its database was not kept: " + path.string() + " cannot be written";
    }
    return lines;
}

} // namespace isolite
