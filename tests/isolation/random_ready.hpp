#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

/// What a statement does when it runs, which is not what it does when it is prepared.
enum class ready_group {
    limits, ///< A PRAGMA that sets something then.
    modes,  ///< One that sets or writes something of the whole database.
    flags,  ///< One that sets when it is prepared, as it may be again.
    writes,
    schemas,
    temporaries,
    attachments,
    transactions,
};

/// Returns the statements of a group.
[[nodiscard]] const std::vector<const char*>& ready_texts(ready_group group);

/// Statements that are prepared before the test that runs them.
class ready_statements {
  public:
    /// Prepares all that can be. Flags of set-up would be set again on each new connection, which
    /// expires what on_connect has prepared.
    ready_statements(sqlite3* connection, bool with_flags);

    /// Returns the one of this text, null if it could not be prepared.
    [[nodiscard]] sqlite3_stmt* find(const char* text) const;

  private:
    std::vector<std::pair<const char*, std::shared_ptr<sqlite3_stmt>>> all_;
};

/// Those that set-up has made, and those of `on_connect` on the connection of the engine.
[[nodiscard]] std::unique_ptr<ready_statements>& ready_by_set_up();
[[nodiscard]] std::unique_ptr<ready_statements>& ready_by_on_connect();
