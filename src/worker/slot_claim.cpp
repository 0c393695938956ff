#include "worker/slot_claim.hpp"

#include "worker/environment.hpp"
#include "worker/runtime_directory.hpp"

#include <cerrno>
#include <memory>
#include <utility>
#include <vector>

#include <dirent.h>
#include <unistd.h>

namespace isolite::detail {
namespace {

const std::string run_prefix = "run-";
const std::string slot_prefix = "slot-";

/// A claim takes 0.1 ms: whoever waits this long waits for a process that does not run.
constexpr std::chrono::milliseconds guard_patience(10000);

/// More workers than this on one host are a mistake, which should not fill a disk.
constexpr unsigned most_slots = 4096;

/// As many abandoned runs are deleted by one claim at most, so that no claim takes long.
constexpr unsigned most_swept_runs = 64;

bool begins_with(const std::string& text, const std::string& prefix) {
    return text.compare(0, prefix.size(), prefix) == 0;
}

std::vector<std::string> names_in(const std::string& directory) {
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(directory.c_str()), ::closedir);
    std::vector<std::string> names;
    if (stream != nullptr) {
        while (const dirent* const entry = ::readdir(stream.get())) {
            names.emplace_back(entry->d_name);
        }
    }
    return names;
}

/// Takes the lock under which files come and go.
result<lock_file> take_guard(const std::string& runtime_directory) {
    const std::string path = runtime_directory + "/guard";
    // Nobody of us deletes the guard, but those who clean up /tmp might, between opening and lock.
    constexpr int attempts = 100;
    for (int i = 0; i < attempts; ++i) {
        auto guard = lock_file::open(path);
        if (!guard) {
            return guard;
        }
        if (const auto locked = guard->lock_within(guard_patience); !locked) {
            return tl::unexpected(locked.error());
        }
        if (guard->is_at_its_path()) {
            return guard;
        }
    }
    return tl::unexpected(error{errc::system,
                                "claim a worker slot: something keeps deleting " + path,
                                "name another directory in ISOLITE_RUNTIME_DIR"});
}

/// Says whether nobody holds `path`. Requires: the guard is held, the lock is not held by us.
bool is_free(const std::string& path) {
    auto file = lock_file::open(path);
    return file && file->try_lock().value_or(false);
}

/// Deletes the directory of a run if no worker is left in it; foreign files and their directory
/// stay. Requires: the guard is held. Returns whether it is gone.
bool delete_if_abandoned(const std::string& run_directory) {
    std::vector<std::string> slots;
    for (const std::string& name : names_in(run_directory)) {
        if (begins_with(name, slot_prefix) && parse_number(name.substr(slot_prefix.size()))) {
            slots.push_back(run_directory + "/" + name);
        }
    }
    for (const std::string& slot : slots) {
        if (!is_free(slot)) {
            return false;
        }
    }
    for (const std::string& slot : slots) {
        ::unlink(slot.c_str());
    }
    return ::rmdir(run_directory.c_str()) == 0;
}

void sweep(const std::string& runtime_directory, const std::string& own_name) {
    unsigned swept = 0;
    for (const std::string& name : names_in(runtime_directory)) {
        if (begins_with(name, run_prefix) && name != own_name &&
            delete_if_abandoned(runtime_directory + "/" + name) && ++swept == most_swept_runs) {
            return;
        }
    }
}

/// Locks the lowest free slot. Requires: the guard is held.
result<std::pair<unsigned, lock_file>> lock_lowest_free(const std::string& run_directory) {
    for (unsigned slot = 0; slot < most_slots; ++slot) {
        auto file = lock_file::open(run_directory + "/" + slot_prefix + std::to_string(slot));
        if (!file) {
            return tl::unexpected(file.error());
        }
        const auto locked = file->try_lock();
        if (!locked) {
            return tl::unexpected(locked.error());
        }
        if (*locked) {
            return std::pair(slot, *std::move(file));
        }
    }
    return tl::unexpected(error{errc::system,
                                "claim a worker slot: all " + std::to_string(most_slots) +
                                    " slots in " + run_directory + " are held",
                                "start fewer workers at once"});
}

} // namespace

std::string run_directory_name(const std::string& run_id) {
    constexpr char digits[] = "0123456789abcdef";
    std::string name = run_prefix;
    for (const char character : run_id) {
        // Capital letters are escaped as well: a file system may not tell them from small ones.
        if ((character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') ||
            character == '-') {
            name += character;
        } else {
            const auto byte = static_cast<unsigned char>(character);
            name += '_';
            name += digits[byte / 16];
            name += digits[byte % 16];
        }
    }
    return name;
}

result<slot_claim> slot_claim::claim(const std::string& runtime_directory,
                                     const std::string& run_id) {
    const auto guard = take_guard(runtime_directory);
    if (!guard) {
        return tl::unexpected(guard.error());
    }
    const std::string name = run_directory_name(run_id);
    sweep(runtime_directory, name);
    const std::string run_directory = runtime_directory + "/" + name;
    if (const auto made = make_private_directory(run_directory); !made) {
        return tl::unexpected(made.error());
    }
    auto locked = lock_lowest_free(run_directory);
    if (!locked) {
        return tl::unexpected(locked.error());
    }
    return slot_claim(runtime_directory, run_directory, locked->first, std::move(locked->second));
}

slot_claim::slot_claim(std::string runtime_directory, std::string run_directory, unsigned slot,
                       lock_file lock)
    : runtime_directory_(std::move(runtime_directory)), run_directory_(std::move(run_directory)),
      slot_(slot), owner_(::getpid()), lock_(std::move(lock)) {}

void slot_claim::release() noexcept {
    if (owner_ != ::getpid() || !lock_) {
        return;
    }
    const auto guard = take_guard(runtime_directory_);
    lock_.reset();
    if (guard) {
        delete_if_abandoned(run_directory_);
    }
}

} // namespace isolite::detail
