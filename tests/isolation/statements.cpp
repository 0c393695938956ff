#include "adversary.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

// Tests whose statements outlive them, as a statement in a static variable does.

namespace {

void prepare(stage& s, const std::string& sql) {
    s.keep<SQLite::Statement>(s.engine.db(), sql);
}

/// Runs what `prepare` made, to its end. Fails where it should: COMMIT where nothing is open.
void run_prepared(stage& s, std::size_t number) {
    auto& statement = *static_cast<SQLite::Statement*>(s.outlives[number].get());
    statement.tryExecuteStep();
    statement.tryReset();
}

} // namespace

std::vector<adversary> statement_adversaries() {
    return {
        {"leaves a query in the middle of its rows",
         [](stage& s) {
             auto& query = s.keep<SQLite::Statement>(s.engine.db(), "SELECT id FROM products");
             query.executeStep();
         },
         left("it left the statement \"SELECT id FROM products\" open"), "statements"},
        {"leaves a query in the middle of its rows and commits",
         [](stage& s) {
             auto& query = s.keep<SQLite::Statement>(s.engine.db(), "SELECT id FROM products");
             query.executeStep();
             s.run("DELETE FROM log");
             s.attempt("COMMIT");
         },
         committed("with \"COMMIT\"", log_deleted,
                   "it left the statement \"SELECT id FROM products\" open"),
         "newcomer, rows, statements"},
        {"leaves an INSERT that returns rows in the middle of them",
         [](stage& s) {
             auto& insert = s.keep<SQLite::Statement>(
                 s.engine.db(), "INSERT INTO log(entry) VALUES ('a'), ('b') RETURNING entry");
             insert.executeStep();
         },
         left("it left the statement \"INSERT INTO log(entry) VALUES ('a'), ('b') RETURNING "
              "entry\" open"),
         "last_insert_rowid, rows, statements"},
        {"leaves a kept statement in the middle of its rows",
         [](stage& s) { s.engine.statement("SELECT name FROM products").executeStep(); },
         left("it left the statement \"SELECT name FROM products\" open"), "statements"},
        {"keeps a statement that it has finished",
         [](stage& s) {
             auto& query = s.keep<SQLite::Statement>(s.engine.db(), "SELECT max(id) FROM products");
             while (query.executeStep()) {
             }
         },
         nothing(), ""},
        {"writes with a statement that an earlier test prepared",
         [](stage& s) { run_prepared(s, 0); }, nothing(), "newcomer, rows",
         [](stage& s) { prepare(s, "DELETE FROM log"); }},
        {"commits with a statement that an earlier test prepared",
         [](stage& s) {
             s.run("DELETE FROM log");
             run_prepared(s, 0);
         },
         committed("with \"COMMIT\"", log_deleted), "newcomer, rows",
         [](stage& s) { prepare(s, "COMMIT"); }},
        {"commits and begins with statements that an earlier test prepared",
         [](stage& s) {
             s.run("DELETE FROM log");
             run_prepared(s, 0);
             run_prepared(s, 1);
         },
         {committed("with \"COMMIT\"", log_deleted).in_rollback,
          "it left the transaction open that \"BEGIN\" began"},
         "newcomer, rows, transaction",
         [](stage& s) {
             prepare(s, "COMMIT");
             prepare(s, "BEGIN");
         }},
        {"creates a temporary table with a statement that an earlier test prepared",
         [](stage& s) {
             run_prepared(s, 0);
             s.attempt("COMMIT");
         },
         nothing(), "temporary objects",
         [](stage& s) { prepare(s, "CREATE TEMP TABLE early(x)"); }},
        {"attaches a database with a statement that an earlier test prepared",
         [](stage& s) { run_prepared(s, 0); }, nothing(), "databases",
         [](stage& s) { prepare(s, "ATTACH ':memory:' AS early"); }},
    };
}
