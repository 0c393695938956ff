#include "files/real_directory.hpp"

#include "os/files.hpp"
#include "os/own_process.hpp"
#include "os/process_tree.hpp"
#include "text/numbers.hpp"
#include "worker/file_names.hpp"
#include "worker/process_exit.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <mutex>
#include <utility>

namespace isolite::paths {

namespace {

using os::private_directory;
using when_missing = private_directory::when_missing;
using sharing = private_directory::sharing;

constexpr const char* in_memory = "/dev/shm";
constexpr std::uint64_t share_of_free = 16;

std::string in(const std::string& temporary) {
    return workers::own_directory_in(temporary) + "/real-files";
}

/// The directories that this process has made, to be removed when it ends.
struct made_directories {
    std::mutex mutex;
    pid_t owner = 0;
    std::vector<std::string> paths;
    unsigned made = 0;

    static made_directories& of_process() {
        static auto* const all = new made_directories; // asked for after destructors of globals
        return *all;
    }

    /// Forgets those of the process that this one was forked from. Requires: the mutex is held.
    /// Returns whether this one has made none before.
    bool take_over() {
        const bool is_new = owner != os::own_number();
        if (is_new) {
            owner = os::own_number();
            paths.clear();
        }
        return is_new;
    }
};

void remove_at_end() {
    made_directories& made = made_directories::of_process();
    const std::lock_guard guard(made.mutex);
    if (made.owner == os::own_number()) {
        for (const std::string& path : std::exchange(made.paths, {})) {
            os::remove_tree(path);
        }
    }
}

/// Says whether the process may live that made a directory of this name, PID-NUMBER. Of this one's
/// number another process may have left some, which nobody has locked.
bool may_be_in_use(const std::string& name) {
    const auto pid = text::number_in<pid_t>(name.substr(0, name.find('-')));
    return !pid || *pid <= 0 || (*pid != os::own_number() && os::is_alive(*pid));
}

void remove_left(const private_directory& all) {
    for (const std::string& name : all.names()) {
        if (may_be_in_use(name)) {
            continue;
        }
        if (const auto left = all.open_in(name, when_missing::fail)) {
            if (const os::descriptor lock = left->locked_alone()) {
                os::remove_tree(left->path());
            }
        }
    }
}

bool is_same(const std::optional<os::file_facts>& found, const os::file_facts& expected) {
    return found && found->is_directory() && found->device == expected.device &&
           found->number == expected.number;
}

/// A directory that was made, and what locks it; none where the name was taken.
using locked_directory = std::optional<std::pair<private_directory, os::descriptor>>;

/// Makes a directory and locks it. Who removes what others have left may take it before.
result<locked_directory> make_in(const private_directory& all, const std::string& name,
                                 const os::purpose& purpose) {
    if (!all.make_directory(name)) {
        if (errno == EEXIST) {
            return std::nullopt;
        }
        return tl::unexpected(
            os::system_error(purpose, "making the directory " + all.path() + "/" + name, errno));
    }
    return all.open_in(name, when_missing::fail)
        .map([&](private_directory made) -> locked_directory {
            errno = 0;
            os::descriptor lock = made.locked_shared();
            const bool is_taken = !lock && errno == EWOULDBLOCK; // else there are no locks here
            if (is_taken || !is_same(all.look_at(name), made.facts().value_or(os::file_facts()))) {
                return std::nullopt;
            }
            return std::make_pair(std::move(made), std::move(lock));
        });
}

} // namespace

result<std::string> place_of_real_files(const workers::environment& variables, std::uint64_t bytes,
                                        const os::purpose& purpose) {
    if (const auto chosen = variables.find("TMPDIR")) {
        if (!workers::is_absolute(*chosen)) {
            return tl::unexpected(workers::variable_error(purpose.task, "TMPDIR", *chosen,
                                                          "not an absolute path",
                                                          "write a path that begins with /"));
        }
        return in(*chosen);
    }
    const bool has_room = os::free_bytes(in_memory) / share_of_free >= bytes;
    if (has_room &&
        private_directory::open(in_memory, purpose, when_missing::fail, sharing::allowed)
            .and_then([&](const private_directory&) {
                return private_directory::open(in(in_memory), purpose);
            })) {
        return in(in_memory);
    }
    return in(workers::temporary_directory(variables));
}

void remove_left_real_files() {
    const std::string temporary = workers::temporary_directory(workers::environment::of_process());
    for (const std::string& place : {temporary, std::string(in_memory)}) {
        if (!workers::is_absolute(place)) {
            continue;
        }
        if (const auto all = private_directory::open(in(place), making_files, when_missing::fail)) {
            remove_left(*all);
        }
    }
}

real_directory::real_directory(private_directory directory, os::descriptor lock)
    : directory_(std::move(directory)), lock_(std::move(lock)), owner_(os::own_number()) {
    constexpr std::time_t hour = 3600;
    sentinel_.tv_sec = std::time(nullptr) - hour;
    note();
}

real_directory::real_directory(real_directory&& other) noexcept
    : directory_(std::move(other.directory_)), lock_(std::move(other.lock_)),
      owner_(std::exchange(other.owner_, 0)), sentinel_(other.sentinel_),
      as_noted_(other.as_noted_) {}

real_directory::~real_directory() {
    if (owner_ == 0) {
        return;
    }
    made_directories& made = made_directories::of_process();
    const std::lock_guard guard(made.mutex);
    if (!is_same(directory_.facts(), as_noted_)) { // closed, and perhaps opened for something else
        directory_.forget();
        lock_.forget();
    }
    const auto own = std::find(made.paths.begin(), made.paths.end(), path());
    if (owner_ == os::own_number() && made.owner == owner_ && own != made.paths.end()) {
        os::remove_tree(path());
        made.paths.erase(own);
    }
}

result<real_directory> real_directory::make(std::uint64_t bytes, const os::purpose& purpose) {
    made_directories& made = made_directories::of_process();
    const std::lock_guard guard(made.mutex);
    const auto all = place_of_real_files(workers::environment::of_process(), bytes, purpose)
                         .and_then([&](const std::string& place) {
                             return private_directory::open(place, purpose);
                         });
    if (!all) {
        return tl::unexpected(all.error());
    }
    if (made.take_over()) {
        remove_left(*all);
        workers::call_at_end(remove_at_end);
    }
    for (;;) {
        const std::string name =
            std::to_string(os::own_number()) + "-" + std::to_string(++made.made);
        auto locked = make_in(*all, name, purpose);
        if (!locked) {
            return tl::unexpected(locked.error());
        }
        if (*locked) {
            made.paths.push_back((*locked)->first.path());
            return real_directory(std::move((*locked)->first), std::move((*locked)->second));
        }
    }
}

bool real_directory::holds(const std::string& full_name) {
    made_directories& made = made_directories::of_process();
    const std::lock_guard guard(made.mutex);
    return std::any_of(made.paths.begin(), made.paths.end(), [&](const std::string& path) {
        std::error_code unknown; // TMPDIR may be a link, which SQLite follows
        const auto resolved = std::filesystem::weakly_canonical(path, unknown).string() + "/";
        return full_name.compare(0, resolved.size(), resolved) == 0;
    });
}

bool real_directory::is_there() const noexcept {
    return owner_ == os::own_number() && is_same(directory_.facts(), as_noted_) &&
           is_same(os::look_at(path()), as_noted_);
}

bool real_directory::put_right(const std::vector<std::string>& kept) {
    const auto found = directory_.facts();
    if (!found) {
        return false;
    }
    if (found->permissions != as_noted_.permissions && !directory_.set_private()) {
        return false;
    }
    const bool same =
        found->modified.tv_sec == sentinel_.tv_sec && found->modified.tv_nsec == sentinel_.tv_nsec;
    if (!same) {
        for (const std::string& name : directory_.names()) {
            if (std::find(kept.begin(), kept.end(), name) == kept.end() &&
                !directory_.remove_file(name)) {
                os::remove_tree(path() + "/" + name);
            }
        }
    }
    return true;
}

void real_directory::note() {
    static_cast<void>(directory_.set_modified(sentinel_));
    as_noted_ = directory_.facts().value_or(os::file_facts());
}

} // namespace isolite::paths
