#pragma once

#include "store/store.hpp"

#include <isolite/error.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isolite::leak {

/// What a test changed for good in one database.
struct database_change {
    std::string name;
    std::vector<store::commit> commits; ///< The first few, when they were seen.
    std::vector<std::string> lines;     ///< What differs, as `difference` tells it.
    std::size_t rows = 0;               ///< that differ
};

/// Returns what a connection is in the middle of, as what reads after "in the middle of".
[[nodiscard]] std::string text_of(const store::foreign_work& work);

/// What a test left behind.
struct leak_report {
    std::vector<database_change> changes;
    std::string refused; ///< A statement that the sandbox's transaction does not allow, or "".
    std::optional<std::string> locked_out; ///< One of another connection, "" where it is unknown.
    bool transaction_ended = false; ///< The sandbox's transaction was over before the test was.
    bool savepoint_ended = false;   ///< So was that of the session around the test's.
    std::string ended_with;         ///< The statement that ended it, "" where none was heard.
    bool transaction_open = false;  ///< One that the test began.
    std::string begun_with;         ///< The statement that began it, or "".
    std::vector<std::string> unresolved_keys;    ///< Clauses about deferred foreign keys.
    std::vector<std::string> connection_changes; ///< Clauses that read after "it".
    std::vector<std::string> left_connections;   ///< Databases to which some were left open.
    std::string not_replaced; ///< Why the connection stays as the test left it, or "".
    std::vector<store::foreign_work>
        foreign_work;                   ///< What others were in the middle of, but for files.
    bool kept_in_wal = false;           ///< A connection holds the database in WAL mode.
    std::vector<std::string> files;     ///< Databases that the test made and left.
    std::vector<std::string> file_uses; ///< Clauses about files that were opened by path.
    std::vector<std::string> unclaimed; ///< Files that it opened and that were refused.
    bool is_between_tests = false;      ///< Nobody's test did it.
    std::string evidence;               ///< Where to look at it; lines, or "".
    std::string
        way_to_commit; ///< What gives the test mode `copy_on_write`, "": that of its session.

    /// Says whether the test left nothing behind.
    [[nodiscard]] bool empty() const;

    /// Returns how many rows were left behind.
    [[nodiscard]] std::size_t rows() const noexcept;

    /// Returns the sentence, what differs line by line, and the hint that the test fails with.
    [[nodiscard]] error to_error(std::string_view test) const;

    /// Returns the same for what was done between two tests.
    [[nodiscard]] error to_error_between(std::string_view last, std::string_view next) const;

  private:
    [[nodiscard]] error told(std::string message, std::string separator) const;
};

} // namespace isolite::leak
