#pragma once

#include <array>
#include <string>
#include <vector>

#include <sys/time.h>

struct sqlite3_vfs;

namespace isolite::sandbox {

/// What belongs to the process and is dear to read, so that fixtures look at it and not every
/// session: timers, alarm() among them, which go off in a later test if nobody stops them, SQLite's
/// default VFS and its directory for temporary files.
class process_state {
  public:
    /// Reads them.
    process_state() noexcept;

    /// Puts back what is not as it was. Returns a clause for each, which reads after "it".
    [[nodiscard]] std::vector<std::string> restore() const;

  private:
    std::array<::itimerval, 3> timers_{};
    sqlite3_vfs* default_vfs_ = nullptr;
    const char* temporary_directory_ = nullptr;
};

} // namespace isolite::sandbox
