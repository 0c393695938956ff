#include <isolite/files.hpp>
#include <isolite/seed.hpp>
#include <isolite/suite.hpp>

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <string>

/// A program that calls SQLite itself: in a connection of its own, and in SQLiteCpp.
/// It is linked with several SQLites.
namespace {

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql("CREATE TABLE products (id INTEGER PRIMARY KEY);"
                                         "INSERT INTO products VALUES (7);");
    }
};

const isolite::files claimed("claimed.db");

/// Fails where the file has the table already, as a real one has in the second test.
void make_table(const char* path) {
    sqlite3* connection = nullptr;
    sqlite3_open(path, &connection);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> closing(connection, sqlite3_close);
    if (sqlite3_exec(connection, "CREATE TABLE kept (x)", nullptr, nullptr, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sqlite3_errmsg(connection));
    }
}

int count_rows(const std::string& uri) {
    sqlite3* connection = nullptr;
    const int opened =
        sqlite3_open_v2(uri.c_str(), &connection, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> closing(connection, sqlite3_close);
    sqlite3_stmt* statement = nullptr;
    if (opened != SQLITE_OK || sqlite3_prepare_v2(connection, "SELECT count(*) FROM products", -1,
                                                  &statement, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sqlite3_errmsg(connection));
    }
    sqlite3_step(statement);
    const int rows = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return rows;
}

} // namespace

int main(int argc, char** argv) {
    isolite::suite tests;
    tests.add<shop>("a connection of the program", [](isolite::fixture& test) {
        if (count_rows(test.uri()) != 1) {
            throw std::runtime_error("it does not see the seed's row");
        }
    });
    tests.add<shop>("a leak", [](isolite::fixture& test) {
        test.db().exec("INSERT INTO products VALUES (8); COMMIT");
    });
    for (const char* const name : {"a file by path", "the same file by path"}) {
        tests.add(name, [] { make_table("claimed.db"); });
    }
    tests.add<shop>("after the leak", [](isolite::fixture& test) {
        if (test.value<int>("SELECT count(*) FROM products") != 1) {
            throw std::runtime_error("what was committed is still there");
        }
    });
    return tests.run(argc, argv);
}
