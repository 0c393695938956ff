#include "verify/process_state.hpp"

#include "os/signal_name.hpp"
#include "sandbox/reversed_statements.hpp"
#include "sandbox/told_changes.hpp"
#include "text/words.hpp"
#include "worker/effective_settings.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

namespace isolite::verify {

namespace {

using facts = os::process_facts;
using what = trace::what;

/// Of directories with more files nobody wants to wait for the facts of all, twice for each case.
constexpr std::size_t most_files = 2000;

/// What the shell, or isolite itself, is free to change.
bool is_uninteresting(const std::string& variable) {
    static const std::set<std::string> names = {"_", "OLDPWD", "SHLVL"};
    return names.count(variable) > 0;
}

std::string cut(const std::string& text) {
    constexpr std::size_t most = 60;
    return text.size() > most ? text.substr(0, most) + "..." : text;
}

std::string shown_value(const std::string& text) {
    return '"' + cut(text) + '"';
}

void compare_variables(const facts& before, const facts& now, std::vector<trace>& found) {
    for (const auto& [name, value] : now.variables) {
        const auto then = before.variables.find(name);
        if (!is_uninteresting(name) && (then == before.variables.end() || then->second != value)) {
            found.push_back(
                {what::variable, name, "sets the variable " + name + " to " + shown_value(value)});
        }
    }
    for (const auto& [name, value] : before.variables) {
        if (!is_uninteresting(name) && now.variables.count(name) == 0) {
            found.push_back({what::variable, name, "unsets the variable " + name});
        }
    }
}

void compare_settings(const facts& before, const facts& now, std::vector<trace>& found) {
    if (now.directory != before.directory && !now.directory.empty()) {
        found.push_back({what::directory, "",
                         "changes the working directory to " + shown_value(now.directory)});
    }
    for (std::size_t i = 0; i < now.settings.size() && i < before.settings.size(); ++i) {
        const os::process_setting& then = before.settings[i];
        const os::process_setting& one = now.settings[i];
        if (one.name == then.name && one.value != then.value) {
            found.push_back(
                {what::setting, one.name,
                 "changes the " + one.name + " from " + cut(then.value) + " to " + cut(one.value)});
        }
    }
    if (now.threads > before.threads) {
        found.push_back(
            {what::thread, "",
             "leaves " + text::counted(now.threads - before.threads, "thread") + " running"});
    }
}

/// Says whether a file is one of isolite's cache: it opens and closes images when it needs them.
bool is_cached(const std::string& file) {
    static const std::string cache = [] {
        const auto settings = workers::effective_settings(workers::environment::of_process(),
                                                          workers::chosen_cache());
        return settings ? settings->directory + "/" : "";
    }();
    return !cache.empty() && file.compare(0, cache.size(), cache) == 0;
}

/// Directories that are called by what they are for: each experiment has another one.
struct known_places {
    std::string directory; ///< in which it works
    std::string temporary;
};

/// Returns what a descriptor leads to. The number of a socket or of a pipe is another one each
/// time, and says nothing.
std::string named(const std::string& target, const known_places& places) {
    const auto is_in = [&target](const std::string& place) {
        return !place.empty() && target.rfind(place + "/", 0) == 0;
    };
    if (is_in(places.temporary)) {
        return target.substr(places.temporary.size() + 1) + " in the directory for temporary files";
    }
    if (is_in(places.directory)) {
        return target.substr(places.directory.size() + 1) + " in the working directory";
    }
    for (const char* const kind : {"socket", "pipe"}) {
        if (target.rfind(std::string(kind) + ":[", 0) == 0) {
            return std::string("a ") + kind;
        }
    }
    return target;
}

/// Returns what a descriptor was before a case. The first three are a worker's own: what they lead
/// to is of no interest.
std::string named_before(int number, const std::string& target, const known_places& places) {
    constexpr std::array<const char*, 3> streams = {"stdin", "stdout", "stderr"};
    const auto index = static_cast<std::size_t>(number);
    return index < streams.size() ? streams[index] : named(target, places);
}

void compare_descriptors(const facts& before, const facts& now, const known_places& places,
                         std::vector<trace>& found) {
    const auto called = [&places](const std::string& target) { return named(target, places); };
    for (const auto& [number, target] : now.descriptors) {
        const auto then = before.descriptors.find(number);
        if (is_cached(target)) {
            continue;
        }
        if (then == before.descriptors.end()) {
            found.push_back(
                {what::descriptor, called(target), "leaves " + called(target) + " open"});
        } else if (then->second != target) {
            found.push_back({what::descriptor, called(target),
                             "leaves " + called(target) + " open as descriptor " +
                                 std::to_string(number) + ", which was " +
                                 named_before(number, then->second, places)});
        }
    }
    for (const auto& [number, target] : before.descriptors) {
        if (now.descriptors.count(number) == 0 && !is_cached(target)) {
            found.push_back({what::descriptor, called(target),
                             "closes descriptor " + std::to_string(number) + " (" +
                                 named_before(number, target, places) + ")"});
        }
    }
}

void compare_signals(const facts& before, const facts& now, std::vector<trace>& found) {
    for (std::size_t i = 1; i < facts::signals; ++i) {
        const std::string name = os::name_of_signal(static_cast<int>(i));
        if (now.actions[i].handler != before.actions[i].handler) {
            found.push_back({what::signal, name,
                             now.actions[i].handler == 0   ? "takes away the handler of " + name
                             : now.actions[i].handler == 1 ? "leaves " + name + " ignored"
                                                           : "leaves a handler of " + name});
        }
        if (now.actions[i].is_blocked != before.actions[i].is_blocked) {
            found.push_back(
                {what::signal, name, (now.actions[i].is_blocked ? "blocks " : "unblocks ") + name});
        }
    }
}

} // namespace

directory_state state_of_directory(const std::string& path, int* failure) {
    const std::vector<std::string> names = os::names_in(path, failure);
    directory_state found;
    if (names.size() <= most_files) {
        for (const std::string& name : names) {
            if (const auto facts = os::look_at(path + "/" + name)) {
                found.emplace(name, *facts);
            }
        }
    }
    return found;
}

std::vector<trace> traces_of_files(const directory_state& before, const directory_state& now,
                                   bool is_temporary) {
    const std::string where =
        is_temporary ? " in the directory for temporary files" : " in the working directory";
    std::vector<trace> found;
    const auto add = [&](what kind, const std::string& name, const std::string& does) {
        found.push_back({is_temporary ? what::temporary : kind, name, does + name + where});
    };
    for (const auto& [name, file] : now) {
        const auto then = before.find(name);
        if (then == before.end()) {
            add(what::file, name, file.is_directory() ? "makes the directory " : "makes the file ");
        } else if (!file.is_directory() && !os::is_unchanged(then->second, file)) {
            add(what::changed_file, name, "changes the file ");
        }
    }
    for (const auto& [name, file] : before) {
        if (now.count(name) == 0) {
            add(what::changed_file, name,
                file.is_directory() ? "removes the directory " : "removes the file ");
        }
    }
    return found;
}

process_state process_state::now(const std::string& directory, const std::string& temporary) {
    process_state state;
    state.process_ = facts::now();
    state.working_.path = directory;
    state.temporary_.path = temporary;
    for (seen_directory* const each : {&state.working_, &state.temporary_}) {
        each->files = state_of_directory(each->path, &each->failure);
    }
    return state;
}

std::vector<trace> process_state::traces_since(const process_state& before) const {
    std::vector<trace> found;
    compare_variables(before.process_, process_, found);
    compare_settings(before.process_, process_, found);
    compare_signals(before.process_, process_, found);
    const bool is_unseen = process_.descriptors.empty(); // no more can be opened, not even to look
    if (!is_unseen || before.process_.descriptors.empty()) {
        compare_descriptors(before.process_, process_, {working_.path, temporary_.path}, found);
    }
    compare_directories(before.working_, working_, false, found);
    compare_directories(before.temporary_, temporary_, true, found);
    return found;
}

/// Of a directory that cannot be looked at, as the process has another user now, nothing is known.
void process_state::compare_directories(const seen_directory& before, const seen_directory& now,
                                        bool is_temporary, std::vector<trace>& found) {
    if (before.failure == 0 && now.failure == ENOENT) {
        found.push_back({is_temporary ? what::temporary : what::changed_file, "",
                         is_temporary ? "removes the directory for temporary files"
                                      : "removes the working directory"});
    } else if (before.failure == 0 && now.failure == 0) {
        for (trace& each : traces_of_files(before.files, now.files, is_temporary)) {
            found.push_back(std::move(each));
        }
    }
}

state_watch::state_watch() {
    std::error_code unknown;
    directory_ = std::filesystem::current_path(unknown).string();
    temporary_ = std::filesystem::temp_directory_path(unknown).string();
}

void state_watch::begin() {
    before_ = process_state::now(directory_, temporary_);
    sandbox::begin_statements();
    static_cast<void>(sandbox::take_changes()); // of what has ended between two cases
}

std::vector<results::event> state_watch::events_of_end(std::size_t position) {
    std::vector<results::event> told;
    if (sandbox::limits_reversal()) {
        told.push_back(results::event::of(statements_event, sandbox::take_statements()));
    }
    if (const auto changed = sandbox::take_changes(); !changed.empty()) {
        told.push_back(results::event::of(changes_event, changed));
    }
    std::vector<trace>& left = left_[position];
    const std::vector<trace> now = end();
    left.insert(left.end(), now.begin(), now.end());
    told.push_back(results::event::of(traces_event, left));
    return told;
}

} // namespace isolite::verify
