#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

struct sqlite3_stmt;

namespace isolite::sandbox {

/// A statement that reads, and what it would give to who reads all its rows.
struct rows_read {
    std::string sql; ///< as messages quote it
    std::uint64_t in_order = 0;
    std::uint64_t in_any_order = 0; ///< the same for the same rows, however they come

    template <typename Self>
    static auto fields(Self& self) {
        return std::tie(self.sql, self.in_order, self.in_any_order);
    }
};

/// Reads all rows of each SELECT that begins from now on, before the program does: on connections
/// that are opened from now on, as long as nobody else traces them. That is slow, and functions of
/// the program in such a statement are called twice as often.
/// Threads: those of the program are to take turns.
void watch_rows();

/// Says whether rows are watched.
[[nodiscard]] bool watches_rows() noexcept;

/// A statement begins on a connection that is traced for another purpose.
void note_rows(sqlite3_stmt* statement) noexcept;

/// Returns what was read since the last call.
[[nodiscard]] std::vector<rows_read> take_rows_read();

} // namespace isolite::sandbox
