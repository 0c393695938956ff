#pragma once

#include "worker/lock_file.hpp"

#include <optional>
#include <string>

#include <sys/types.h>

namespace isolite::detail {

/// A slot of a run that this process holds: the lowest one that was free.
///
/// Below the runtime directory there is one file `guard`, which stays, and one directory for every
/// run, `run-ID`, with a file `slot-N` for every slot that was ever held. Who holds the lock of
/// `slot-N` holds the slot. All that adds or deletes files holds the lock of `guard`, so that a
/// file never vanishes under somebody who is about to lock it.
///
/// The last worker of a run deletes its directory. Directories of runs that ended by a crash are
/// deleted by whoever claims a slot next.
class slot_claim {
  public:
    /// Claims a slot of `run_id` below `runtime_directory`, which must be private.
    ///
    /// Errors: `errc::system`, with the path.
    /// Processes: one claim of a run at a time in a process.
    [[nodiscard]] static result<slot_claim> claim(const std::string& runtime_directory,
                                                  const std::string& run_id);

    /// Gives the slot up and, if nobody else is in the run, deletes the directory of the run.
    ///
    /// Does nothing in a forked child, which holds no slot. Never fails: what cannot be deleted is
    /// left to the next claim. Without it, the slot is free again when the object or process ends.
    void release() noexcept;

    /// Returns the number of the slot.
    [[nodiscard]] unsigned slot() const { return slot_; }

  private:
    slot_claim(std::string runtime_directory, std::string run_directory, unsigned slot,
               lock_file lock);

    std::string runtime_directory_;
    std::string run_directory_;
    unsigned slot_;
    pid_t owner_;
    std::optional<lock_file> lock_;
};

/// Returns the name of the directory of `run_id`: different for different ids, whatever they hold.
[[nodiscard]] std::string run_directory_name(const std::string& run_id);

} // namespace isolite::detail
