#pragma once

#include "text/statement_text.hpp"

#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace isolite::sandbox {

class connection_watch;

/// Notes which statements begin and end transactions on a connection while they run: what is only
/// prepared does not count, and what was prepared long ago does. Costs a few dozen instructions a
/// statement. An application that traces the connection itself takes the place of this one.
/// Source: https://www.sqlite.org/c3ref/trace_v2.html
class transaction_trace {
  public:
    /// Starts to listen, before `on_connect` runs, which may set a trace of its own. `watch` is to
    /// take no notice of what `limit_reversal` asks for.
    transaction_trace(sqlite3* connection, connection_watch& watch);
    ~transaction_trace();
    transaction_trace(const transaction_trace&) = delete;
    transaction_trace& operator=(const transaction_trace&) = delete;

    /// Learns which statements belong to the sandbox itself, to which it does not listen. From here
    /// on nobody else is to trace the connection, unless `on_connect` did.
    void know_own(const sqlite3_stmt* begin, const sqlite3_stmt* rollback,
                  sqlite3_stmt* idle) noexcept;

    /// Forgets what was heard before: a session begins.
    void begin() noexcept;

    /// Takes back the place that another trace may have taken. One of the sandbox's statements
    /// that ran after `expect` and was heard shows that none has.
    void listen() noexcept;
    void expect() noexcept { heard_own_ = false; }
    [[nodiscard]] bool heard_own() const noexcept { return heard_own_; }

    /// Says whether any statement may have run since `rest`.
    [[nodiscard]] bool something_ran() const noexcept { return ran_ || is_deaf_; }

    /// Says that nothing of what ran until here matters any more.
    void rest() noexcept { ran_ = false; }

    /// Says whether `end` or `refused` have anything to tell.
    [[nodiscard]] bool ended_or_refused() const noexcept {
        return !end_.empty() || !refused_.empty();
    }

    /// Returns the first statement that no transaction allows inside of it, such as BEGIN, or "".
    [[nodiscard]] std::string refused() const { return text::statement_text(refused_); }

    /// Returns the last DETACH inside a transaction, which a database in use refuses, or "".
    [[nodiscard]] std::string detach() const { return text::statement_text(detach_); }

    /// Says whether a statement ran outside of a transaction.
    [[nodiscard]] bool was_outside() const noexcept { return outside_; }

    /// Returns the last statement that began a transaction outside of one, or "".
    [[nodiscard]] std::string begun_with() const { return text::statement_text(begun_with_); }

    /// Returns the first statement that ended a transaction, or "".
    [[nodiscard]] std::string end() const { return text::statement_text(end_); }

  private:
    static int hear(unsigned event, void* trace, void* statement, void* sql);
    void note(const char* sql);
    void tell_progress() noexcept;

    sqlite3* connection_;
    connection_watch& watch_;
    unsigned events_; ///< that it hears of
    const sqlite3_stmt* own_[3] = {};
    bool is_deaf_ = false; // on_connect traces the connection
    bool ran_ = false;
    bool heard_own_ = false;
    bool outside_ = false;
    bool ending_ = false; // a statement was heard that is to end the transaction
    // As they were written, because a test that commits should not pay for what is never printed.
    std::string refused_;
    std::string detach_;
    std::string begun_with_;
    std::string end_;
};

} // namespace isolite::sandbox
