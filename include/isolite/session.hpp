#pragma once

#include <isolite/engine.hpp>
#include <isolite/error.hpp>

#include <cstdint>
#include <string_view>

namespace isolite {

/// How a test is kept from changing the database for the next one.
enum class mode {
    rollback, ///< The test runs in a transaction that is rolled back after it.
    none,     ///< Not at all: for showing what a test does to others when it is unprotected.
};

/// The sandbox of one test on a worker's engine: opened before the test, closed after it.
/// Threads: those of its engine.
class ISOLITE_API session {
  public:
    /// Opens the sandbox of the test called `test`. An engine has one session at a time.
    /// Errors: errc::usage when a session or a transaction is still open; errc::database.
    /// Lifetime: must end before the engine.
    [[nodiscard]] static result<session> open(engine& engine, std::string_view test,
                                              mode mode = mode::rollback);

    session(session&& other) noexcept;
    session& operator=(session&&) = delete;

    /// Closes a session that is still open. A leak that nobody can hear of any more is written to
    /// stderr, and the process will exit with status 1.
    ~session();

    /// Ends the test: rolls back, restores what a rollback does not, and asks the store whether
    /// the database is as it was. Whatever is found is put right before this returns.
    /// Errors: errc::leak, which says what the test left behind. Does nothing when already closed.
    [[nodiscard]] result<void> close();

    /// Gives up the session of a test that was cut off in the middle, as Boost.Test's timeout
    /// does: the engine gets a new connection to a new copy of its database.
    /// Does nothing when the engine's session is not that of `test`.
    /// Errors: errc::database when the new connection cannot be opened.
    [[nodiscard]] static result<void> abandon(engine& engine, std::string_view test);

  private:
    session(engine::state& engine, mode mode) noexcept;
    result<void> begin(std::string_view test);
    result<void> begin_transaction(std::string_view test);
    result<void> end_transaction();

    engine::state* engine_;    // null when moved from
    std::uint64_t number_ = 0; // 0: never begun
    mode mode_;
    std::int64_t last_insert_rowid_ = 0;
    std::uint64_t files_ = 0; // the generation of the directory at the beginning
};

} // namespace isolite
