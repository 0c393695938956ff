#include "adversary.hpp"

#include <SQLiteCpp/Database.h>

// Tests that use a write-ahead log, on a database that is in WAL mode or on one that they turn to
// it. Which they do on a connection of their own, as code under test does when it starts.

namespace {

const char* const to_wal = "PRAGMA journal_mode = WAL";
const char* const left_in_wal = "it left a connection open that holds the database in WAL mode";

bool was_in_wal() {
    return journal_mode() == "wal";
}

/// Returns the leak of rows deleted by a connection that turned to WAL before.
leaks committed_in_wal(const std::string& left_in_both = "") {
    const std::string first = was_in_wal() ? "DELETE FROM log" : to_wal;
    return committed("with \"" + first + "\" on another connection", log_deleted, left_in_both);
}

/// Adds to what is left that a connection stays in WAL mode, where the database was in another.
std::string and_in_wal(const std::string& clauses = "") {
    if (was_in_wal()) {
        return clauses;
    }
    return clauses + (clauses.empty() ? "" : "; ") + left_in_wal;
}

} // namespace

std::vector<adversary> wal_adversaries() {
    const std::string in_a_query =
        "it left another connection in the middle of \"SELECT id FROM products\"";
    const std::string in_a_transaction =
        "it left another connection in the middle of a transaction";
    return {
        {"turns to WAL on a connection that it closes",
         [](stage& s) {
             neighbour other(s.engine.uri());
             other.run(to_wal);
             other.run("DELETE FROM log");
         },
         committed_in_wal(), "newcomer, rows, settings", nullptr, true},
        {"turns to WAL on a connection that stays open",
         [](stage& s) {
             s.open_neighbour().run(to_wal);
             s.neighbours.back()->run("DELETE FROM log");
         },
         committed_in_wal(and_in_wal()), "newcomer, rows, settings", nullptr, true, !was_in_wal()},
        {"checkpoints on a connection that stays open",
         [](stage& s) {
             neighbour& other = s.open_neighbour();
             other.run(to_wal);
             other.run("DELETE FROM log; PRAGMA wal_checkpoint(TRUNCATE)");
         },
         committed_in_wal(and_in_wal()), "newcomer, rows, settings", nullptr, true, !was_in_wal()},
        {"writes on from a checkpoint, so that the log begins anew",
         [](stage& s) {
             neighbour& other = s.open_neighbour();
             other.run(to_wal);
             other.run("UPDATE products SET stock = 1; PRAGMA wal_checkpoint(RESTART); "
                       "UPDATE products SET stock = 100; UPDATE products SET stock = 100 - id "
                       "WHERE id <= 3; DELETE FROM log");
         },
         {committed("with \"" +
                        std::string(was_in_wal() ? "UPDATE products SET stock = 1" : to_wal) +
                        "\" on another connection",
                    log_deleted, and_in_wal())
              .in_rollback,
          and_in_wal()},
         "newcomer, rows, settings",
         nullptr,
         true,
         !was_in_wal()},
        {"keeps a snapshot in the middle of its rows while the log grows",
         [](stage& s) {
             neighbour& writer = s.open_neighbour();
             writer.run(to_wal);
             s.open_neighbour().prepare("SELECT id FROM products").executeStep();
             writer.run("DELETE FROM log");
         },
         committed_in_wal(and_in_wal(in_a_query)), "newcomer, rows, settings", nullptr, true,
         !was_in_wal()},
        {"keeps a transaction with a snapshot that a checkpoint has to wait for",
         [](stage& s) {
             neighbour& writer = s.open_neighbour();
             writer.run(to_wal);
             s.open_neighbour().run("BEGIN; SELECT * FROM log");
             writer.run("DELETE FROM log; PRAGMA wal_checkpoint(PASSIVE)");
         },
         committed_in_wal(and_in_wal(in_a_transaction)), "newcomer, rows, settings", nullptr, true,
         !was_in_wal()},
        {"keeps a transaction in WAL mode open that has written",
         [](stage& s) {
             neighbour& other = s.open_neighbour();
             other.run(to_wal);
             other.run("DELETE FROM log; BEGIN; DELETE FROM prices");
         },
         committed_in_wal(and_in_wal(in_a_transaction)), "newcomer, rows, settings", nullptr, true,
         !was_in_wal()},
        {"keeps a transaction in WAL mode open that has spilled into the log",
         [](stage& s) {
             neighbour& other = s.open_neighbour();
             other.run(to_wal);
             other.run("DELETE FROM log; PRAGMA cache_size = 1; BEGIN; "
                       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                       "WHERE i < 5000) INSERT INTO log(entry) SELECT printf('%200d', i) FROM n");
         },
         committed_in_wal(and_in_wal(in_a_transaction)), "newcomer, rows, settings", nullptr, true,
         !was_in_wal()},
        {"keeps a log that is never checkpointed",
         [](stage& s) {
             neighbour& other = s.open_neighbour();
             other.run(to_wal);
             other.run("PRAGMA wal_autocheckpoint = 0; DELETE FROM log");
         },
         committed_in_wal(and_in_wal()), "newcomer, rows, settings", nullptr, true, !was_in_wal()},
    };
}
