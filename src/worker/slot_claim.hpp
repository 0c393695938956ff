#pragma once

#include "os/lock_file.hpp"
#include "os/own_process.hpp"

#include <optional>
#include <string>

namespace isolite::workers {

/// A slot of a run that this process holds: the lowest one that was free.
///
/// In the runtime directory there is one file `guard`, which stays, and an empty file
/// `run-ID.slot-N` for every slot that is held: who holds the lock of that file holds the slot. All
/// that adds or deletes files holds the lock of `guard`, so that a file never vanishes under
/// somebody who is about to lock it.
///
/// A worker that ends normally deletes its file. Files of workers that were killed are deleted by
/// whoever claims slot 0 of any run next. There is no directory for a run, because removing one
/// took 4 ms on a busy ext4, with the guard held.
class slot_claim {
  public:
    /// Claims a slot of `run_id` below `runtime_directory`, which must be private.
    ///
    /// Errors: `errc::system`, with the path.
    /// Processes: a second claim of a process gets a second slot.
    [[nodiscard]] static result<slot_claim> claim(const std::string& runtime_directory,
                                                  const std::string& run_id);

    /// Claims a slot whose number is below `limit`; nothing if none of them is free.
    [[nodiscard]] static result<std::optional<slot_claim>>
    claim_below(unsigned limit, const std::string& runtime_directory, const std::string& run_id);

    /// Gives the slot up and deletes its file.
    ///
    /// Does nothing in a forked child, which holds no slot. Never fails: what cannot be deleted is
    /// left to a later claim. Without it, the slot is free again when the object or process ends.
    void release() noexcept;

    /// Returns the number of the slot.
    [[nodiscard]] unsigned slot() const { return slot_; }

  private:
    slot_claim(std::string runtime_directory, std::string path, unsigned slot, os::lock_file lock);

    std::string runtime_directory_;
    std::string path_;
    unsigned slot_;
    pid_t owner_;
    std::optional<os::lock_file> lock_;
};

/// Returns the name of the file of a slot: different for different runs, whatever their ids hold.
[[nodiscard]] std::string slot_file_name(const std::string& run_id, unsigned slot);

} // namespace isolite::workers
