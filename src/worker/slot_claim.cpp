#include "worker/slot_claim.hpp"

#include "os/files.hpp"
#include "text/file_names.hpp"
#include "text/numbers.hpp"
#include "worker/environment.hpp"
#include "worker/runtime_directory.hpp"

#include <limits>
#include <string_view>
#include <utility>

namespace isolite::workers {
namespace {

constexpr std::string_view run_prefix = "run-";
constexpr std::string_view slot_mark = ".slot-";

/// A claim takes 0.1 ms: whoever waits this long waits for a process that does not run.
constexpr std::chrono::milliseconds guard_patience(10000);

/// Says whether `name` is one that `slot_file_name` makes.
bool is_slot_file_name(const std::string& name) {
    const std::size_t mark = name.rfind(slot_mark);
    return name.compare(0, run_prefix.size(), run_prefix) == 0 && mark != std::string::npos &&
           text::number_in<unsigned>(name.substr(mark + slot_mark.size()));
}

/// Takes the lock under which files come and go.
result<os::lock_file> take_guard(const std::string& runtime_directory) {
    const std::string path = runtime_directory + "/guard";
    // Nobody of us deletes the guard, but who cleans up /tmp might, while we wait for its lock.
    for (;;) {
        auto guard = os::lock_file::open(path, claiming_a_slot);
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
}

/// Deletes the slot files that nobody holds: those of workers that were killed. Files that cannot
/// be locked are not ours and stay. Requires: the guard is held.
void sweep(const std::string& runtime_directory) {
    for (const std::string& name : os::names_in(runtime_directory)) {
        if (!is_slot_file_name(name)) {
            continue;
        }
        const std::string path = runtime_directory + "/" + name;
        auto file = os::lock_file::open(path, claiming_a_slot);
        if (file && file->try_lock().value_or(false)) {
            os::remove_file(path);
        }
    }
}

} // namespace

std::string slot_file_name(const std::string& run_id, unsigned slot) {
    std::string name = std::string(run_prefix) + text::unique_file_name(run_id);
    name += slot_mark;
    return name + std::to_string(slot);
}

result<slot_claim> slot_claim::claim(const std::string& runtime_directory,
                                     const std::string& run_id) {
    auto claimed = claim_below(std::numeric_limits<unsigned>::max(), runtime_directory, run_id);
    if (!claimed) {
        return tl::unexpected(claimed.error());
    }
    return std::move(**claimed);
}

result<std::optional<slot_claim>> slot_claim::claim_below(unsigned limit,
                                                          const std::string& runtime_directory,
                                                          const std::string& run_id) {
    const auto guard = take_guard(runtime_directory);
    if (!guard) {
        return tl::unexpected(guard.error());
    }
    for (unsigned slot = 0; slot < limit; ++slot) {
        const std::string path = runtime_directory + "/" + slot_file_name(run_id, slot);
        if (os::lock_file::is_open_here(path)) {
            continue; // an earlier claim of this process
        }
        auto file = os::lock_file::open(path, claiming_a_slot);
        if (!file) {
            return tl::unexpected(file.error());
        }
        const auto locked = file->try_lock();
        if (!locked) {
            return tl::unexpected(locked.error());
        }
        if (!*locked) {
            continue;
        }
        if (slot == 0) {
            // Once a run is often enough, and it looks at all workers of all runs.
            sweep(runtime_directory);
        }
        return slot_claim(runtime_directory, path, slot, *std::move(file));
    }
    return std::nullopt;
}

slot_claim::slot_claim(std::string runtime_directory, std::string path, unsigned slot,
                       os::lock_file lock)
    : runtime_directory_(std::move(runtime_directory)), path_(std::move(path)), slot_(slot),
      owner_(os::own_number()), lock_(std::move(lock)) {}

void slot_claim::release() noexcept {
    if (owner_ != os::own_number() || !lock_) {
        return;
    }
    // Deleted under the guard, so that nobody is about to lock the file, and while it is held.
    const auto guard = take_guard(runtime_directory_);
    if (guard && lock_->is_at_its_path()) {
        os::remove_file(path_);
    }
    lock_.reset();
}

} // namespace isolite::workers
