#pragma once

#include "stock.hpp"

#include <isolite/fixture.hpp>
#include <isolite/seed.hpp>

#include <SQLiteCpp/Database.h>

// Databases that differ in the mode they choose, for the subjects about modes.

/// Chooses copy_on_write for its tests.
struct committing_stock : stock {
    static constexpr isolite::mode mode = isolite::mode::copy_on_write;
};

/// Chooses rollback, as one that says nothing does.
struct cautious_stock : stock {
    static constexpr isolite::mode mode = isolite::mode::rollback;
};

/// Chooses no protection at all.
struct unprotected_stock : stock {
    static constexpr isolite::mode mode = isolite::mode::none;
};

/// One of its own for the tests that a decorator strips of their protection.
struct exposed_stock : stock {};

/// The same with a further database attached.
struct stock_and_books {
    static isolite::seed seed() {
        return stock::seed()
            .attach("books", isolite::seed("books").sql("CREATE TABLE entries(amount)"))
            .on_connect(
                [](SQLite::Database& database) { database.exec("PRAGMA cache_size = 77"); });
    }
};

inline int count(SQLite::Database& database) {
    return database.execAndGet("SELECT count(*) FROM products").getInt();
}

/// Says whether the running test found the seed alone.
inline bool pristine(isolite::fixture& test) {
    return count(test.db()) == 2;
}

/// Says whether what the test writes is committed at once, so that other connections see it.
inline bool commits(isolite::fixture& test) {
    SQLite::Database other = test.connect();
    const int before = count(other);
    test.execute("INSERT INTO products(name) VALUES ('bread')");
    return count(other) == before + 1;
}
