#pragma once

#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace isolite {

/// Notes which statements begin and end transactions on a connection while they run: what is only
/// prepared does not count, and what was prepared long ago does. Costs a few dozen instructions a
/// statement. An application that traces the connection itself takes the place of this one.
/// Source: https://www.sqlite.org/c3ref/trace_v2.html
class transaction_trace {
  public:
    /// Starts to listen, not to the two statements that belong to the sandbox itself.
    transaction_trace(sqlite3* connection, const sqlite3_stmt* begin, const sqlite3_stmt* rollback);
    ~transaction_trace();
    transaction_trace(const transaction_trace&) = delete;
    transaction_trace& operator=(const transaction_trace&) = delete;

    /// Forgets what was heard before: a session begins.
    void begin() noexcept;

    /// Returns the first statement that tried to begin a transaction inside one, or "".
    [[nodiscard]] std::string nested_begin() const;

    /// Returns the last statement that began a transaction outside of one, or "".
    [[nodiscard]] std::string begun_with() const;

    /// Returns the first statement that was to end a transaction, or "".
    [[nodiscard]] std::string end() const;

  private:
    static int hear(unsigned event, void* trace, void* statement, void* sql);
    void note(const char* sql);

    sqlite3* connection_;
    const sqlite3_stmt* own_begin_;
    const sqlite3_stmt* own_rollback_;
    // As they were written, because a test that commits should not pay for what is never printed.
    std::string nested_begin_;
    std::string begun_with_;
    std::string end_;
};

} // namespace isolite
