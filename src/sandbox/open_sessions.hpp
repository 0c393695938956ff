#pragma once

#include "sandbox/departure.hpp"
#include "sandbox/evidence.hpp"
#include "sandbox/open_session.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace isolite::sandbox {

/// The sessions that are open on one database, each inside of the one before.
class open_sessions {
  public:
    explicit open_sessions(live_database& database);
    ~open_sessions();
    open_sessions(const open_sessions&) = delete;
    open_sessions& operator=(const open_sessions&) = delete;

    /// Opens a session inside of the innermost one. Returns its number, never 0.
    /// Errors: as `session::open`. Lifetime: the framework, if it is not null, outlives it.
    [[nodiscard]] result<std::uint64_t> open(std::string_view test, mode mode,
                                             const framework* framework = nullptr);

    /// Closes a session, and those inside of it. Errors: as `session::close`.
    [[nodiscard]] result<void> close(std::uint64_t number);

    /// A case begins, or ends, that may use the databases by path without a session of its own.
    /// What it did outside of sessions is undone, and noted where others use it still.
    /// Errors: those of the session that stands for the case inside of a suite's.
    [[nodiscard]] result<void> begin_case(const std::string& name);
    [[nodiscard]] result<void> end_case(leak::leak_report& report);

    /// Returns the number of the innermost session, or of the case that has none, else 0.
    [[nodiscard]] std::uint64_t innermost() const noexcept {
        return sessions_.empty() ? case_ : sessions_.back().number;
    }

    /// As `session::keep_evidence`.
    [[nodiscard]] std::string keep_evidence(std::uint64_t number);

    /// Returns the databases in which a case has written something that has no session on them.
    [[nodiscard]] std::vector<exhibit> exhibits_of_case();

    /// As `session::abandon`.
    [[nodiscard]] result<void> abandon(std::string_view test);

  private:
    [[nodiscard]] open_session& put(std::string_view test, mode mode, const framework* framework);
    void drop_innermost() noexcept;
    [[nodiscard]] result<void> check_ready(const open_session& entering);
    [[nodiscard]] result<void> check_allowed(const open_session& entering);
    [[nodiscard]] result<void> enter(open_session& entering);
    [[nodiscard]] result<void> enter_savepoint(const open_session& entering);
    [[nodiscard]] result<void> put_layers(const open_session& entering);
    [[nodiscard]] bool settle(bool records_commits);
    [[nodiscard]] result<void> begin(open_session& entering);
    [[nodiscard]] const surroundings& surroundings_of(const open_session& session) const noexcept;
    void report_work_between_tests(std::string_view next);
    [[nodiscard]] bool is_savepoint(const open_session& session) const;
    void leave_innermost(departure& left);
    void note_files(departure& left);
    static void drop_files(open_session& ended);
    [[nodiscard]] result<void> close_innermost();
    [[nodiscard]] result<void> close_with_inner(std::uint64_t number);

    live_database& database_;
    std::vector<open_session> sessions_; // the innermost last
    std::uint64_t case_ = 0;             // the number of a case that has no session, among those
    std::uint64_t opened_ = 0;
    std::string last_test_;   // that ended
    std::string spare_name_;  // the memory of the name of an earlier one
    bool is_joining_ = false; // suites and a case, which have begun on files of others
    bool is_in_case_ = false; // which has begun outside of all sessions
    records::fixture_span case_prepared_;
    std::string case_name_;           // where its changes are told
    std::uint64_t case_openings_ = 0; // of the databases, before it
    bool had_session_ = false;        // in that case
    std::uint64_t case_session_ = 0;  // that stands for a case inside of a suite's session
    bool work_is_meant_ = true; // what is done on the connection outside of protected sessions
    surroundings outside_;      // of all sessions
    std::int64_t last_insert_rowid_ = 0;            // as the tests find it
    std::size_t objects_made_ = 0;                  // when the last session ended
    std::map<std::uint64_t, error> early_verdicts_; // of sessions that an outer one closed

    // The outermost session that was given up together with one inside it: what it held is gone.
    std::uint64_t lost_session_ = 0; // 0: none
    std::string lost_in_;            // the test that was cut off
};

} // namespace isolite::sandbox
