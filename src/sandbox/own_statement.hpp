#pragma once

#include <sqlite3.h>

#include <memory>

namespace isolite::sandbox {

struct finalize_statement {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

/// A statement that the sandbox has on a connection for itself.
using own_statement = std::unique_ptr<sqlite3_stmt, finalize_statement>;

/// Runs a statement up to its first row, if it has any. Returns its result code.
inline int stepped(sqlite3_stmt* statement) noexcept {
    const int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code;
}

} // namespace isolite::sandbox
