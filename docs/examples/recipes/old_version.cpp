// Tests that do not begin with what the application's start makes.
#include "claimed/fixture.hpp"

#include <isolite/files.hpp>

#include <SQLiteCpp/Database.h>

// [claim]
const std::string older = (std::filesystem::temp_directory_path() / "older.db").string();
const isolite::files claimed(older); // as long as the program runs

TEST_CASE("orders of the first version are kept") {
    SQLite::Database(older, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT); "
              "INSERT INTO orders (note) VALUES ('tea')");
    CHECK(orders(older).count() == 1);
}

TEST_CASE("a directory without a database gets one") {
    CHECK(orders(older).count() == 0);
}
// [/claim]
