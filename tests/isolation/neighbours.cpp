#include "adversary.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include <sys/wait.h>
#include <unistd.h>

// Tests that reach the database past the engine's connection: connections of their own, files,
// other processes.

namespace {

const int flags = SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_URI;

const std::string committed_elsewhere =
    "it committed changes on 1 page of the database 'stock' through another connection, or with a "
    "statement prepared earlier";

/// What cannot be read as long as another connection holds an exclusive lock.
const std::string everything =
    "databases, functions, header, newcomer, rows, schema, sequence, settings";

/// A connection with a statement of its own, which is finalized before it.
struct neighbour {
    explicit neighbour(const std::string& uri) : database(uri, flags) {}
    SQLite::Database database;
    std::unique_ptr<SQLite::Statement> statement;
};

neighbour& open_neighbour(stage& s) {
    return s.keep<neighbour>(s.engine.uri());
}

} // namespace

std::vector<adversary> neighbour_adversaries() {
    return {
        {"opens another connection and reads",
         [](stage& s) { open_neighbour(s).database.exec("SELECT count(*) FROM products"); }, "",
         ""},
        {"commits through another connection",
         [](stage& s) { open_neighbour(s).database.exec("DELETE FROM log"); }, committed_elsewhere,
         "newcomer, rows"},
        {"commits through another connection that is closed again",
         [](stage& s) { SQLite::Database(s.engine.uri(), flags).exec("DELETE FROM log"); },
         committed_elsewhere, "newcomer, rows"},
        {"keeps a query of another connection in the middle of its rows",
         [](stage& s) {
             neighbour& other = open_neighbour(s);
             other.statement =
                 std::make_unique<SQLite::Statement>(other.database, "SELECT id FROM products");
             other.statement->executeStep();
         },
         "it left another connection in the middle of a transaction or a query", ""},
        {"keeps a transaction of another connection open that has read",
         [](stage& s) { open_neighbour(s).database.exec("BEGIN; SELECT * FROM log"); },
         "it left another connection in the middle of a transaction or a query", ""},
        {"keeps a transaction of another connection open that has written",
         [](stage& s) { open_neighbour(s).database.exec("BEGIN; DELETE FROM log"); },
         "it left another connection in the middle of a transaction or a query", ""},
        {"keeps an exclusive transaction of another connection open",
         [](stage& s) { open_neighbour(s).database.exec("BEGIN EXCLUSIVE; DELETE FROM log"); },
         "it left another connection in the middle of a transaction or a query", everything},
        {"keeps a transaction of another connection open after it spilled pages",
         [](stage& s) {
             open_neighbour(s).database.exec(
                 "PRAGMA cache_size = 1; BEGIN; "
                 "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
                 "INSERT INTO log(entry) SELECT printf('%200d', i) FROM n");
         },
         "it committed changes on 293 pages of the database 'stock' through another connection, or "
         "with a statement prepared earlier; it left another connection in the middle of a "
         "transaction or a query",
         everything},
        {"prepares a statement of another connection in one test and runs it in the next",
         [](stage& s) { static_cast<neighbour*>(s.outlives.back().get())->statement->exec(); },
         committed_elsewhere, "newcomer, rows",
         [](stage& s) {
             neighbour& other = open_neighbour(s);
             other.statement =
                 std::make_unique<SQLite::Statement>(other.database, "DELETE FROM log");
         }},
        {"leaves a database file behind",
         [](stage&) {
             SQLite::Database("file:left.db?vfs=isolite", flags).exec("CREATE TABLE t(x)");
         },
         "it left the database file 'left.db' behind", "files"},
        {"leaves a database file behind that is still open",
         [](stage& s) {
             s.keep<SQLite::Database>("file:left.db?vfs=isolite", flags).exec("CREATE TABLE t(x)");
         },
         "it left the database file 'left.db' behind", "files"},
        {"leaves a database file behind in the middle of a transaction",
         [](stage& s) {
             s.keep<SQLite::Database>("file:left.db?vfs=isolite", flags)
                 .exec("PRAGMA cache_size = 1; CREATE TABLE t(x); BEGIN; "
                       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                       "WHERE i < 5000) INSERT INTO t SELECT printf('%200d', i) FROM n");
         },
         "it left the database file 'left.db' behind", "files"},
        {"opens a database file and writes nothing to it",
         [](stage&) { SQLite::Database("file:left.db?vfs=isolite", flags); }, "", "files"},
        {"forks a child that commits to its copy",
         [](stage& s) {
             const pid_t child = ::fork();
             if (child == 0) {
                 s.attempt("DELETE FROM products; COMMIT; DROP TABLE log");
                 ::_exit(0);
             }
             ::waitpid(child, nullptr, 0);
         },
         "", ""}, // a child's copy is its own, with and without protection
    };
}
