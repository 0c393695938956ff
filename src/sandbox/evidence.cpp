#include "sandbox/evidence.hpp"

#include "os/own_process.hpp"
#include "os/private_directory.hpp"
#include "text/file_names.hpp"
#include "text/shell_words.hpp"
#include "worker/environment.hpp"
#include "worker/file_names.hpp"

#include <isolite/worker.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string_view>

namespace isolite::sandbox {

namespace {

using os::descriptor;
using os::private_directory;
using when_missing = private_directory::when_missing;

constexpr os::purpose keeping = {"keep the databases of failed tests", "ISOLITE_EVIDENCE"};
constexpr int most = 10;
constexpr std::string_view before_command = "\n  kept: ";

int written = 0;

std::string
chosen_place(const workers::environment& variables = workers::environment::of_process()) {
    return variables.find("ISOLITE_EVIDENCE").value_or("");
}

std::string file_name(const std::string& text) {
    constexpr std::size_t longest = 100;
    return text::file_name(text, longest, "_.");
}

/// Returns a name for the program that two work trees do not share.
std::string unique_program_name() {
    std::array<char, 20> number{};
    std::snprintf(number.data(), number.size(), "%08x",
                  static_cast<unsigned>(std::hash<std::string>()(os::program_path())));
    return file_name(os::program_name()) + "-" + number.data();
}

/// Tests run in whatever directory their runner chose, which is no place for files.
result<std::string> absolute(const std::string& variable, const std::string& path) {
    if (workers::is_absolute(path)) {
        return path;
    }
    return tl::unexpected(
        workers::variable_error(keeping.task, variable, path, "not an absolute path",
                                "name another directory in ISOLITE_EVIDENCE, or set it to off"));
}

result<std::string> place_for_all(const workers::environment& variables) {
    if (const std::string chosen = chosen_place(variables); !chosen.empty()) {
        return absolute("ISOLITE_EVIDENCE", chosen);
    }
    return absolute("TMPDIR", workers::temporary_directory(variables));
}

/// Opens the directory of the program. Others may write to the one that the user chose for all, as
/// they may to /tmp, if they cannot take away what is in it.
result<private_directory> directory_of_program(when_missing missing) {
    auto base =
        place_for_all(workers::environment::of_process()).and_then([&](const std::string& path) {
            if (!chosen_place().empty()) {
                return private_directory::open(path, keeping, missing,
                                               private_directory::sharing::allowed);
            }
            return private_directory::open(workers::own_directory_in(path), keeping, missing)
                .and_then(
                    [&](const private_directory& own) { return own.open_in("evidence", missing); });
        });
    return base.and_then(
        [&](const private_directory& all) { return all.open_in(unique_program_name(), missing); });
}

std::string name_of_run() {
    const auto& worker = worker::current();
    return worker ? file_name(worker->run_id) : "run";
}

/// Says whether a file is one that `write` made, and no link or pipe of its name.
bool is_evidence(const private_directory& run, const std::string& name) {
    const auto facts = run.look_at(name);
    return std::filesystem::path(name).extension() == ".db" && facts && facts->is_regular();
}

/// Removes the directory of a run that is over, if there is nothing but evidence in it.
void remove_run(const private_directory& of_program, const std::string& name) {
    const auto run = of_program.open_in(name, when_missing::fail);
    if (!run) {
        return;
    }
    const descriptor lock = run->locked_alone();
    const auto names = run->names();
    if (!lock || !std::all_of(names.begin(), names.end(),
                              [&](const auto& each) { return is_evidence(*run, each); })) {
        return;
    }
    for (const std::string& each : names) {
        run->remove_file(each);
    }
    of_program.remove_directory(name);
}

void remove_earlier_runs(const private_directory& of_program) {
    for (const std::string& run : of_program.names()) {
        if (run != name_of_run()) {
            remove_run(of_program, run);
        }
    }
}

/// Makes the directory of this run and locks it until the process ends.
const result<private_directory>& directory_of_run() {
    static const auto made =
        directory_of_program(when_missing::make).and_then([](const private_directory& of_program) {
            remove_earlier_runs(of_program);
            return of_program.open_in(name_of_run());
        });
    static const descriptor lock = made ? made->locked_shared() : descriptor(-1);
    return made;
}

bool write(const descriptor& file, std::size_t to, const std::byte* bytes, std::size_t count) {
    return file.write_at(to, {reinterpret_cast<const char*>(bytes), count});
}

bool write(const descriptor& file, const store::image& content) {
    if (!file.resize(content.size())) {
        return false;
    }
    for (std::size_t page = content.known(0); page < content.pages();
         page = content.known(page + 1)) {
        const std::size_t start = page * store::page_size;
        const auto count = std::min<std::uint64_t>(store::page_size, content.size() - start);
        if (!write(file, start, content.page(page), count)) {
            return false;
        }
    }
    constexpr std::size_t file_format_versions = 18;
    constexpr std::byte no_wal[] = {std::byte{1}, std::byte{1}}; // it would want a log to be made
    return content.size() <= file_format_versions + 1 ||
           write(file, file_format_versions, no_wal, sizeof no_wal);
}

/// Returns the line that says where a database is kept, or why it is not.
std::string keep(const private_directory& directory, const std::string& stem,
                 const store::image& content) {
    std::string name = stem + ".db";
    descriptor file = directory.make_file(name);
    for (int number = 2; !file && errno == EEXIST; ++number) {
        name = stem + "-" + std::to_string(number) + ".db";
        file = directory.make_file(name);
    }
    const std::string path = directory.path() + "/" + name;
    if (!file || !write(file, content)) {
        const error why = os::system_error(keeping, "writing " + path, errno);
        return "\n  its database was not kept" + why.message.substr(std::strlen(keeping.task)) +
               "\n  hint: " + why.hint;
    }
    return std::string(before_command) + "sqlite3 -readonly " + text::quoted_shell_word(path);
}

} // namespace

std::vector<std::string> opening_commands(const std::string& text) {
    std::vector<std::string> commands;
    for (std::size_t at = 0; (at = text.find(before_command, at)) != std::string::npos;) {
        at += before_command.size();
        commands.push_back(text.substr(at, text.find('\n', at) - at));
    }
    return commands;
}

result<void> check_place_of_evidence(const workers::environment& variables) {
    return chosen_place(variables) == "off"
               ? result<void>()
               : place_for_all(variables).map([](const std::string&) {});
}

void remove_earlier_evidence() {
    if (chosen_place() == "off") {
        return;
    }
    if (const auto of_program = directory_of_program(when_missing::fail)) {
        remove_earlier_runs(*of_program);
    }
}

bool evidence_wanted() {
    return chosen_place() != "off";
}

std::string write_evidence(const std::string& test, const std::vector<exhibit>& databases) {
    if (!evidence_wanted()) {
        return {};
    }
    if (written == most) {
        return "\n  its database was not kept: those of " + std::to_string(most) +
               " tests of this process are kept already";
    }
    ++written;
    const auto& directory = directory_of_run();
    if (!directory) {
        const std::string why = directory.error().message.substr(std::strlen(keeping.task));
        return "\n  its database was not kept" + why + "\n  hint: " + directory.error().hint;
    }
    std::string lines;
    for (const exhibit& each : databases) {
        const bool several = databases.size() > 1;
        lines += keep(*directory,
                      file_name(test.empty() ? "unnamed" : test) +
                          (several ? "." + file_name(each.database) : ""),
                      *each.now);
    }
    return lines;
}

} // namespace isolite::sandbox
