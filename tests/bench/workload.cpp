#include "workload.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace bench {

namespace {

[[noreturn]] void give_up(sqlite3* connection, const std::string& what) {
    std::fprintf(stderr, "cannot run %s: %s\n", what.c_str(), sqlite3_errmsg(connection));
    std::exit(EXIT_FAILURE);
}

std::string script(int rows) {
    return "CREATE TABLE products (id INTEGER PRIMARY KEY, price INTEGER NOT NULL, name TEXT);"
           "CREATE INDEX products_by_price ON products (price);"
           "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
           std::to_string(rows) +
           ") INSERT INTO products SELECT i, i * 7, 'product number ' || i || "
           "' of a catalogue that is long enough to fill pages' FROM n;";
}

} // namespace

isolite::seed table_of(int rows) {
    return isolite::seed("bench").sql(script(rows));
}

statement prepare(sqlite3* connection, const char* sql) {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(connection, sql, -1, &raw, nullptr) != SQLITE_OK) {
        give_up(connection, sql);
    }
    return {raw, sqlite3_finalize};
}

void run(const statement& prepared) {
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) {
        code = sqlite3_step(prepared.get());
    }
    if (sqlite3_reset(prepared.get()) != SQLITE_OK) {
        give_up(sqlite3_db_handle(prepared.get()), sqlite3_sql(prepared.get()));
    }
}

test_body::test_body(sqlite3* connection) {
    for (const char* sql :
         {"INSERT INTO products (price, name) VALUES (1, 'a new product')",
          "INSERT INTO products (price, name) VALUES (2, 'a new product')",
          "INSERT INTO products (price, name) VALUES (3, 'a new product')",
          "UPDATE products SET price = 4 WHERE id = 77", "DELETE FROM products WHERE id = 33",
          "SELECT count(*) FROM products WHERE price < 100",
          "SELECT name FROM products WHERE id = 55",
          "SELECT name FROM products WHERE price = 70"}) {
        statements_.push_back(prepare(connection, sql));
    }
}

void test_body::operator()() const {
    for (const statement& prepared : statements_) {
        run(prepared);
    }
}

connection stock_database(int rows) {
    sqlite3* raw = nullptr;
    if (sqlite3_open(":memory:", &raw) != SQLITE_OK ||
        sqlite3_exec(raw, script(rows).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        give_up(raw, "the script of the stock database");
    }
    return {raw, sqlite3_close};
}

} // namespace bench
