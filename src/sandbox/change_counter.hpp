#pragma once

struct sqlite3;
struct sqlite3_stmt;

namespace isolite::sandbox {

/// Sets what `changes()` says on a connection back to 0, as on a new one: by a statement that
/// explains how rows would be deleted, and so takes no lock, calls no hook and changes nothing.
class change_counter {
  public:
    /// Where an authorizer of `on_connect` forbids the statement, the counter is never reset.
    explicit change_counter(sqlite3* connection);
    ~change_counter();
    change_counter(const change_counter&) = delete;
    change_counter& operator=(const change_counter&) = delete;

    void reset() noexcept;

    [[nodiscard]] bool owns(const sqlite3_stmt* statement) const noexcept {
        return statement == explained_;
    }

  private:
    sqlite3* connection_;
    sqlite3_stmt* explained_ = nullptr;
};

} // namespace isolite::sandbox
