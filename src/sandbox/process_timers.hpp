#pragma once

#include <array>
#include <string>
#include <vector>

#include <sys/time.h>

namespace isolite::sandbox {

/// The timers of the process, alarm() among them, which go off in a later test if nobody stops
/// them. Reading them takes system calls, so that fixtures do it, and not every session.
class process_timers {
  public:
    /// Reads them.
    process_timers() noexcept;

    /// Puts back what is not as it was. Returns a clause for each, which reads after "it".
    [[nodiscard]] std::vector<std::string> restore() const;

  private:
    std::array<::itimerval, 3> timers_{};
};

} // namespace isolite::sandbox
