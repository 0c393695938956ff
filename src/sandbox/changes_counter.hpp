#pragma once

#include "sandbox/own_statement.hpp"

namespace isolite::sandbox {

/// Sets what `changes()` says back to 0, as on a new connection, for which SQLite has no function.
class changes_counter {
  public:
    /// Requires: the connection outlives the counter, which begins once.
    void begin(sqlite3* connection) noexcept;

    /// By a statement that explains how rows would be deleted, and so takes no lock, calls no hook
    /// and changes nothing. Where an authorizer forbids it, the counter is never reset.
    void reset() noexcept;

    [[nodiscard]] bool owns(const sqlite3_stmt* statement) const noexcept {
        return explained_.get() == statement;
    }

  private:
    sqlite3* connection_ = nullptr;
    const sqlite3_vfs* vfs_ = nullptr;
    own_statement explained_; // null until it is needed
};

} // namespace isolite::sandbox
