#pragma once

namespace SQLite {
class Database;
}

namespace isolite::sandbox {

/// Brings a connection to rest that others may still use, and puts it away for good: their
/// statements, BLOB handles and backups stay valid memory, and the statements say "not authorized".
/// The object is left without a connection.
/// Its memory is given back when it is certain that nobody has anything left on it.
void retire(SQLite::Database& database) noexcept;

/// Puts a connection away as it is, because somebody was cut off in the middle of a call on it: it
/// is never touched again.
void give_up(SQLite::Database& database) noexcept;

} // namespace isolite::sandbox
