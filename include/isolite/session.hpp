#pragma once

#include <isolite/engine.hpp>
#include <isolite/error.hpp>
#include <isolite/mode.hpp>

#include <cstdint>
#include <string_view>

namespace isolite {

namespace sandbox {
class open_sessions;
}

/// The sandbox of one test on a worker's engine: opened before the test, closed after it.
/// Sessions nest: what an outer one, of a suite for instance, wrote is there for each inner one,
/// and is gone when the outer one closes. An outer session must be in mode `copy_on_write`, or else
/// the inner ones are savepoints in its transaction, and in mode `rollback` too. Threads: those of
/// its engine.
class ISOLITE_API session {
  public:
    /// Opens the sandbox of the test called `test`, inside of the session that is open, if any.
    /// Errors: errc::usage when a transaction is still open, or when a test that was cut off took
    ///   with it what the session around this one held; errc::database.
    /// Lifetime: must end before the engine.
    [[nodiscard]] static result<session> open(engine& engine, std::string_view test,
                                              mode mode = mode::usual);

    session(session&& other) noexcept;
    session& operator=(session&&) = delete;

    /// Closes a session that is still open. A leak that nobody can hear of any more is written to
    /// stderr, and the process will exit with status 1.
    ~session();

    /// Ends the test: rolls back, restores what a rollback does not, and asks the store whether
    /// the database is as it was. Whatever is found is put right before this returns.
    /// Errors: errc::leak, which says what the test left behind; errc::usage when a session inside
    /// this one is still open, which is closed too. Does nothing when already closed.
    [[nodiscard]] result<void> close();

    /// Writes the engine's databases as they are now, uncommitted rows of its connection included,
    /// to ordinary SQLite files, for a test that has failed. The variable ISOLITE_EVIDENCE names
    /// the directory, or is `off`; by default it is isolite-<uid>/evidence in TMPDIR or /tmp.
    /// Returns the command that opens them and how they differ from what the test found, for a
    /// person to read; "" when it is off or the process has written 10 already.
    [[nodiscard]] std::string keep_evidence();

    /// Gives up the session of a test that was cut off in the middle, as Boost.Test's timeout
    /// does: the engine gets a new connection to a new copy of its database.
    /// Does nothing when the engine's session is not that of `test`.
    /// Errors: errc::database when the new connection cannot be opened.
    [[nodiscard]] static result<void> abandon(engine& engine, std::string_view test);

  private:
    session(sandbox::open_sessions& sessions, std::uint64_t number) noexcept
        : sessions_(&sessions), number_(number) {}

    sandbox::open_sessions* sessions_; // null when moved from
    std::uint64_t number_;
};

} // namespace isolite
