#include "interruption.hpp"

#include "connection.hpp"
#include "store/directory.hpp"
#include "store/open_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <ostream>
#include <utility>

// A rewind comes before the n-th call that SQLite makes of the VFS, for every n until there are no
// more: every moment in which a thread that still works can be when its test ends.
// ISOLITE_TEST_SHARE=N plays every N-th moment, each time with another one as the first.

using namespace isolite::store;
using namespace isolite::store::tests;

namespace {

using dump = std::vector<std::string>;
using script = std::vector<std::string>;

/// Each is done as a whole or not at all.
const script statements{
    "INSERT INTO t SELECT a + 1000, b FROM t",
    "BEGIN; UPDATE t SET b = a || b WHERE a % 3 = 0; SELECT sum(length(b)) FROM t; "
    "DELETE FROM t WHERE a % 5 = 0; COMMIT",
    "BEGIN; CREATE TABLE IF NOT EXISTS u(a); INSERT INTO u SELECT b FROM t LIMIT 9; COMMIT",
    "SELECT count(*), sum(length(b)) FROM t",
    "DROP TABLE IF EXISTS u",
    "DELETE FROM t WHERE a = 7",
};
const script statements_on_a_log{
    statements[0], statements[1], "PRAGMA wal_checkpoint",           statements[2],
    statements[3], statements[4], "PRAGMA wal_checkpoint(TRUNCATE)", statements[5],
};
const script statements_and_switches{
    "PRAGMA journal_mode = WAL",
    statements[1],
    statements[2],
    "PRAGMA journal_mode = DELETE",
    statements[3],
    statements[4],
    "PRAGMA journal_mode = WAL",
    "PRAGMA journal_mode = DELETE",
    statements[5],
};

/// What another connection does as soon as the rewind has happened.
enum class bystander { none, idle, commits, writes, rolls_back };

constexpr std::array all_bystanders{bystander::none, bystander::idle, bystander::commits,
                                    bystander::writes, bystander::rolls_back};

const std::string change = "UPDATE t SET b = 'bystander' || b WHERE a % 2 = 0";

struct scenario {
    std::string journal;
    const script& works;
    bystander other;
    bool checkpointed_log = false; // in WAL mode: whether the checkpoint has an empty log
    bool cut_off = false;          // whether the victim is cut off before the rewind
};

/// A database with a victim, which works while the rewind comes, and a bystander.
class scene {
  public:
    explicit scene(const scenario& played) : played_(played) {
        register_interrupted_vfs();
        victim_.emplace(name_, interrupted_vfs);
        victim_->rows("PRAGMA journal_mode = " + played.journal);
        victim_->rows("PRAGMA cache_size = 3; CREATE TABLE t(a INTEGER PRIMARY KEY, b);"
                      "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n "
                      "WHERE i < 30) INSERT INTO t SELECT i, printf('%0400d', i) FROM n");
        if (played.checkpointed_log) {
            victim_->rows("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        if (played.other != bystander::none) {
            other_.emplace(name_);
            other_->dump();
        }
        file_ = directory::of_process().find(name_);
        REQUIRE(file_->checkpoint());
        expected_.emplace(unique_name("expected"));
        expected_->rows("CREATE TABLE t(a INTEGER PRIMARY KEY, b);"
                        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n "
                        "WHERE i < 30) INSERT INTO t SELECT i, printf('%0400d', i) FROM n");
    }

    /// Returns whether there was an n-th call.
    bool play(std::size_t n) {
        const interruption coming(n, [this] { rewind(); });
        for (const std::string& sql : played_.works) {
            CAPTURE(sql);
            const bool before = !interruption::happened();
            const outcome result = victim_->run(sql);
            if (sqlite3_get_autocommit(victim_->handle()) == 0) {
                (void)victim_->run("ROLLBACK");
            }
            REQUIRE(sqlite3_get_autocommit(victim_->handle()) == 1);
            if (played_.cut_off && interruption::happened()) {
                judge_cut_off(result, before);
            } else if (before && interruption::happened()) {
                judge_interrupted(result, sql);
            } else {
                judge(result, sql);
            }
        }
        if (interruption::happened()) {
            compare();
        }
        return interruption::happened();
    }

  private:
    /// Says whether the bystander begins a transaction that outlasts the victim's statement.
    [[nodiscard]] bool is_open() const {
        return played_.other == bystander::writes || played_.other == bystander::rolls_back;
    }
    void rewind() {
        if (played_.cut_off) {
            file_->cut_off(from(victim_->file()).lock);
        }
        const std::size_t revoked = file_->rewind();
        CHECK((!played_.cut_off || revoked == 0));
        if (played_.other == bystander::commits) {
            CHECK(other_->run(change).text() == "code 0");
            expected_->rows(change);
        } else if (is_open()) {
            CHECK(other_->run("PRAGMA cache_size = 3; BEGIN IMMEDIATE;" + change).text() ==
                  "code 0");
            if (played_.other == bystander::writes) {
                expected_->rows(change);
            }
        }
    }
    void judge(const outcome& result, const std::string& sql) {
        // From a switch that failed SQLite keeps the shared lock. It notices with the next
        // statement that it lost it, and begins anew.
        if (std::exchange(may_fail_again_, false) && (result.code & 0xff) == SQLITE_IOERR) {
            return;
        }
        CHECK_MESSAGE(result.code == SQLITE_OK, result.text());
        if (interruption::happened()) {
            (void)expected_->run(sql);
        }
    }
    void judge_interrupted(const outcome& result, const std::string& sql) {
        if (is_open()) {
            CHECK(other_->run(played_.other == bystander::writes ? "COMMIT" : "ROLLBACK").text() ==
                  "code 0");
        }
        const int code = result.code & 0xff;
        may_fail_again_ = code != SQLITE_OK && sql.find("journal_mode") != std::string::npos;
        CHECK_MESSAGE(
            (code == SQLITE_OK || code == SQLITE_IOERR || (code == SQLITE_BUSY && is_open())),
            result.text());
        // It was done after the rewind, or before it, or not at all.
        if (const auto found = connection(name_).dump(); found != expected_->dump()) {
            CHECK_MESSAGE(code == SQLITE_OK, result.text());
            (void)expected_->run(sql);
            CHECK(found == expected_->dump());
        }
    }
    /// Nothing of a connection that was cut off is done any more, whatever it is told.
    void judge_cut_off(const outcome& result, bool just_now) {
        const int code = result.code & 0xff;
        CHECK_MESSAGE((code == SQLITE_IOERR || code == SQLITE_OK), result.text());
        if (just_now && is_open()) {
            CHECK(other_->run(played_.other == bystander::writes ? "COMMIT" : "ROLLBACK").text() ==
                  "code 0");
        }
        CHECK(connection(name_).dump() == expected_->dump());
    }
    void compare() {
        const dump expected = expected_->dump();
        connection fresh(name_);
        CHECK(fresh.value("PRAGMA integrity_check") == "'ok'");
        CHECK(fresh.dump() == expected);
        if (!played_.cut_off) {
            CHECK(victim_->dump() == expected);
        }
        if (other_) {
            CHECK(other_->dump() == expected);
        }
    }

    scenario played_;
    std::string name_ = unique_name("interrupted");
    std::shared_ptr<store> file_;
    std::optional<connection> victim_;
    std::optional<connection> other_;
    std::optional<connection> expected_;
    bool may_fail_again_ = false;
};

std::size_t share() {
    const char* const text = std::getenv("ISOLITE_TEST_SHARE");
    return std::max<std::size_t>(text ? std::strtoull(text, nullptr, 10) : 1, 1);
}

void play(const scenario& played) {
    static std::size_t scenarios = 0;
    std::size_t n = scenarios++ % share();
    for (bool more = true; more; n += share()) {
        CAPTURE(n);
        more = scene(played).play(n);
    }
    MESSAGE(n, " calls");
}

} // namespace

TEST_SUITE("interruption") {
    TEST_CASE("a rewind at any moment of a connection with a rollback journal") {
        for (const std::string journal : {"DELETE", "TRUNCATE", "PERSIST", "MEMORY"}) {
            CAPTURE(journal);
            for (const bystander other : all_bystanders) {
                CAPTURE(static_cast<int>(other));
                play({journal, statements, other});
            }
        }
    }

    TEST_CASE("a rewind at any moment of a connection in WAL mode") {
        for (const bool checkpointed : {false, true}) {
            CAPTURE(checkpointed);
            for (const bystander other : all_bystanders) {
                CAPTURE(static_cast<int>(other));
                play({"WAL", statements_on_a_log, other, checkpointed});
            }
        }
    }

    TEST_CASE("a connection is cut off at any moment") {
        for (const bystander other : all_bystanders) {
            CAPTURE(static_cast<int>(other));
            for (const std::string journal : {"DELETE", "TRUNCATE"}) {
                play({journal, statements, other, false, true});
            }
            play({"WAL", statements_on_a_log, other, false, true});
        }
        play({"DELETE", statements_and_switches, bystander::none, false, true});
        play({"WAL", statements_and_switches, bystander::none, false, true});
    }

    TEST_CASE("a rewind at any moment of a connection that switches between journal modes") {
        for (const std::string journal : {"DELETE", "WAL"}) {
            CAPTURE(journal);
            play({journal, statements_and_switches, bystander::none});
        }
    }
}
