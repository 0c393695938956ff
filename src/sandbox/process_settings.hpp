#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct sqlite3_vfs;

namespace isolite::sandbox {

/// What of SQLite belongs to the process, so that no new connection resets it.
class process_settings {
  public:
    [[nodiscard]] static process_settings present();

    /// Puts back what is not as it was. Returns a clause for each, which reads after "it".
    [[nodiscard]] std::vector<std::string> restore() const;

  private:
    std::int64_t hard_heap_limit_ = 0; // bytes
    std::int64_t soft_heap_limit_ = 0; // bytes
    sqlite3_vfs* default_vfs_ = nullptr;
    std::string temporary_directory_; // empty: none
};

} // namespace isolite::sandbox
