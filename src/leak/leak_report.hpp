#pragma once

#include <isolite/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace isolite {

/// What a test left behind.
struct leak_report {
    std::string database;           ///< The name of the engine's database.
    std::size_t changed_pages = 0;  ///< Pages of the store that differ from the checkpoint.
    bool transaction_ended = false; ///< The sandbox's transaction was over before the test was.
    std::string ended_with;         ///< COMMIT or ROLLBACK, empty if the test prepared neither.
    bool locked_elsewhere = false;  ///< Another connection held a lock on the database.
    std::vector<std::string> connection_changes; ///< Clauses that read after "it".
    std::vector<std::string> files;              ///< Databases that the test made and left.

    /// Says whether the test left nothing behind.
    [[nodiscard]] bool empty() const noexcept;

    /// Returns the sentence and the hint that the test fails with.
    [[nodiscard]] error to_error(std::string_view test) const;
};

} // namespace isolite
