#include "adversary.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

// Tests that leave something on the connection: attached databases, temporary objects, hooks.

namespace {

int deny_everything(void*, int, const char*, const char*, const char*, const char*) {
    return SQLITE_DENY;
}

int allow_everything(void*, int, const char*, const char*, const char*, const char*) {
    return SQLITE_OK;
}

int interrupt(void* /*nothing*/) {
    return 1;
}

} // namespace

std::vector<adversary> connection_adversaries() {
    return {
        {"creates a temporary table",
         [](stage& s) { s.run("CREATE TEMP TABLE scratch(x); INSERT INTO scratch VALUES (1)"); },
         only_in_copy_on_write("it left the temporary table 'scratch' behind"),
         "last_insert_rowid, temporary objects"},
        {"hides a table behind a temporary one and commits",
         [](stage& s) {
             s.run("CREATE TEMP TABLE products(id)");
             s.attempt("COMMIT");
         },
         left("it left the temporary table 'products' behind"), "rows, temporary objects"},
        {"commits a temporary table with an index and a trigger",
         [](stage& s) {
             s.run("CREATE TEMP TABLE scratch(x PRIMARY KEY); "
                   "CREATE TEMP TRIGGER watcher AFTER INSERT ON scratch BEGIN SELECT 1; END");
             s.attempt("COMMIT");
         },
         left("it left the temporary trigger 'watcher' behind; it left the temporary table "
              "'scratch' "
              "behind"),
         "temporary objects"},
        {"commits a temporary view",
         [](stage& s) {
             s.run("CREATE TEMP VIEW cheap AS SELECT * FROM prices");
             s.attempt("COMMIT");
         },
         left("it left the temporary view 'cheap' behind"), "temporary objects"},
        {"commits a temporary trigger on a table of the database",
         [](stage& s) {
             s.run("CREATE TEMP TRIGGER spy AFTER INSERT ON orders BEGIN "
                   "DELETE FROM log; END");
             s.attempt("COMMIT");
         },
         left("it left the temporary trigger 'spy' behind"), "temporary objects"},
        {"commits a temporary table with a quote in its name",
         [](stage& s) {
             s.run("CREATE TEMP TABLE \"a\"\"b\"(x)");
             s.attempt("COMMIT");
         },
         left("it left the temporary table 'a\"b' behind"), "temporary objects"},
        {"attaches a database in memory", [](stage& s) { s.run("ATTACH ':memory:' AS aside"); },
         left("it left the database 'aside' attached"), "databases"},
        {"attaches a database in memory and writes to it",
         [](stage& s) { s.run("ATTACH ':memory:' AS aside; CREATE TABLE aside.t(x)"); },
         left("it left the database 'aside' attached"), "databases"},
        {"attaches a database and detaches it",
         [](stage& s) {
             s.run("ATTACH ':memory:' AS aside");
             s.run("DETACH aside");
         },
         nothing(), ""},
        {"attaches a database with a name and writes nothing",
         [](stage& s) { s.run("ATTACH 'left.db' AS aside"); },
         left("it left the database 'aside' attached"), "databases, files"},
        {"attaches a database with a name and writes inside the transaction",
         [](stage& s) { s.run("ATTACH 'left.db' AS aside; CREATE TABLE aside.t(x)"); },
         left("it left the database 'aside' attached"), "databases, files"},
        {"attaches a database with a name, writes and commits",
         [](stage& s) {
             s.run("ATTACH 'left.db' AS aside; CREATE TABLE aside.t(x)");
             s.attempt("COMMIT");
         },
         {"it left the database 'aside' attached; it left the database file 'left.db' behind",
          "it left the database 'aside' attached"},
         "databases, files"},
        {"writes into an attached database, commits and detaches it",
         [](stage& s) {
             s.run("ATTACH 'left.db' AS aside; CREATE TABLE aside.t(x)");
             s.attempt("COMMIT");
             s.run("DETACH aside");
         },
         only_in_rollback("it left the database file 'left.db' behind"), "files"},
        {"replaces the authorizer by one that denies everything",
         [](stage& s) {
             sqlite3_set_authorizer(s.engine.db().getHandle(), deny_everything, nullptr);
         },
         left("it replaced the connection's authorizer"),
         "archive, databases, functions, header, rows, schema, sequence, settings, temporary "
         "objects"},
        {"replaces the authorizer and sets a PRAGMA that nobody notes",
         [](stage& s) {
             sqlite3_set_authorizer(s.engine.db().getHandle(), allow_everything, nullptr);
             s.run("PRAGMA recursive_triggers = ON");
         },
         left("it replaced the connection's authorizer"), "settings"},
        {"removes the authorizer and creates a temporary table",
         [](stage& s) {
             sqlite3_set_authorizer(s.engine.db().getHandle(), nullptr, nullptr);
             s.run("CREATE TEMP TABLE scratch(x)");
             s.attempt("COMMIT");
         },
         left("it replaced the connection's authorizer; it left the temporary table 'scratch' "
              "behind"),
         "temporary objects"},
        {"leaves a progress handler that interrupts everything",
         [](stage& s) {
             s.run("DELETE FROM log");
             sqlite3_progress_handler(s.engine.db().getHandle(), 1, interrupt, nullptr);
         },
         left("it left a progress handler that interrupts every statement"),
         "archive, databases, functions, header, newcomer, rows, schema, sequence, settings, "
         "temporary "
         "objects"},
        {"changes last_insert_rowid",
         [](stage& s) { sqlite3_set_last_insert_rowid(s.engine.db().getHandle(), 12345); },
         nothing(), "last_insert_rowid"},
    };
}
