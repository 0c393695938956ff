#pragma once

#include <cstddef>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace isolite::sandbox {

/// In a process in which rows come in reverse where they have no order: lets them do so for the
/// first statements of each case only, as many as `reversed`, and lists its statements. It hears of
/// these on connections that are opened from now on, as long as nobody else traces them.
/// Threads: those of the program are to take turns.
/// Source: https://www.sqlite.org/pragma.html#pragma_reverse_unordered_selects
void limit_reversal(std::size_t reversed);

/// Says whether that was called.
[[nodiscard]] bool limits_reversal() noexcept;

/// A case begins.
void begin_statements();

/// Returns the statements that it has begun, as messages quote them: it ends.
[[nodiscard]] std::vector<std::string> take_statements();

/// What is to be heard by who traces a connection for another purpose, and is to hand it on:
/// that a statement begins; and that one has a row, or ends.
[[nodiscard]] unsigned events_of_statements() noexcept;
void note_statement(sqlite3_stmt* statement) noexcept;
void note_progress(sqlite3* connection) noexcept;

} // namespace isolite::sandbox
