#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace isolite::sandbox {

/// The limits of SQLite's memory, which belong to the process: no new connection resets them.
class process_settings {
  public:
    [[nodiscard]] static process_settings present();

    /// Puts back what is not as it was. Returns a clause for each, which reads after "it".
    [[nodiscard]] std::vector<std::string> restore() const;

  private:
    std::int64_t hard_heap_limit_ = 0; // bytes
    std::int64_t soft_heap_limit_ = 0; // bytes
};

} // namespace isolite::sandbox
