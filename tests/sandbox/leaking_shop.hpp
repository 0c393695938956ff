#pragma once

#include "engine_fixture.hpp"

#include <functional>
#include <initializer_list>

/// A database with a table of each kind, and the message of a test that leaks in it.
struct shop : engine_fixture {
    shop()
        : engine_fixture(isolite::seed("shop").sql(
              "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, note TEXT);"
              "INSERT INTO orders VALUES (1, 7, 'gift'), (2, 7, NULL), (3, 8, 'late');"
              "CREATE TABLE unkeyed (a, b); INSERT INTO unkeyed VALUES (1, 'x'), (1, 'x');"
              "CREATE TABLE stock (place TEXT, product INTEGER, count INTEGER,"
              "                    PRIMARY KEY (place, product)) WITHOUT ROWID;"
              "INSERT INTO stock VALUES ('cellar', 7, 100);"
              "CREATE TABLE line (id INTEGER PRIMARY KEY, cents, count, total AS (cents * count),"
              "                   gross AS (cents * count * 1.19) STORED);"
              "INSERT INTO line (id, cents, count) VALUES (1, 100, 2);"
              "CREATE TABLE file (name TEXT PRIMARY KEY, body);"
              "INSERT INTO file VALUES ('a', x'00ff');"
              "CREATE TABLE ticket (id INTEGER PRIMARY KEY AUTOINCREMENT);"
              "INSERT INTO ticket DEFAULT VALUES;"
              "CREATE INDEX by_customer ON orders (customer);"
              "CREATE VIEW gifts AS SELECT * FROM orders WHERE note = 'gift';"
              "CREATE TRIGGER aged AFTER DELETE ON stock BEGIN DELETE FROM unkeyed; END")) {}

    /// Returns the message of a test that does this.
    std::string message_of(const std::function<void()>& body,
                           isolite::mode mode = isolite::mode::rollback) {
        auto session = open("orders/first", mode);
        body();
        return failure(session);
    }

    std::string message_of(const char* sql, isolite::mode mode = isolite::mode::rollback) {
        return message_of([&] { run(sql); }, mode);
    }

    SQLite::Database connect() {
        auto connection = engine.connect();
        if (!connection) {
            FAIL(connection.error().text());
        }
        return std::move(*connection);
    }
};

inline std::string ending(const std::string& clauses) {
    return "cannot end 'orders/first' with a clean database: " + clauses;
}

inline const std::string commit_hint =
    "\n  hint: use copy_on_write for code that commits or opens connections of its own: open "
    "the session with isolite::mode::copy_on_write";
inline const std::string undo_hint =
    "\n  hint: undo in the test what it did to its connection, for instance in a destructor";
inline const std::string work_hint =
    "\n  hint: end the test's transactions and queries, and join its threads, before the test ends";

/// Returns the message about changes that were committed, with the lines about rows.
inline std::string committed(const std::string& how, std::initializer_list<const char*> lines) {
    std::string message = ending("it committed changes to the database 'shop'" + how);
    for (const char* line : lines) {
        message += std::string("\n  ") + line;
    }
    return message + commit_hint;
}

inline const std::string with_commit = " with \"COMMIT\"";
