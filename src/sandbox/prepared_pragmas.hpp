#pragma once

#include "sandbox/usual_settings.hpp"

#include <vector>

namespace isolite::sandbox {

/// The settings of the PRAGMAs that may have been prepared and not finalized. Some of them, such as
/// journal_mode and max_page_count, set their value whenever they run, of which an authorizer does
/// not hear.
class prepared_pragmas {
  public:
    /// Takes note of a PRAGMA that is about to be prepared and gives a value.
    void hear(const char* name, const char* schema);

    /// Says whether there may be any: else nothing has to be done.
    [[nodiscard]] bool is_empty() const noexcept { return settings_.empty(); }

    /// Looks through the statements of a connection which are still there, and returns the settings
    /// of these.
    const std::vector<setting>& alive_on(sqlite3* connection);

    /// Returns those of the last look, and what was heard since.
    [[nodiscard]] const std::vector<setting>& all() const noexcept { return settings_; }

  private:
    std::vector<setting> settings_;
};

} // namespace isolite::sandbox
