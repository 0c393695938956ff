#pragma once

#include <isolite/seed.hpp>

/// The database of the subjects: small, and described twice, so that two of them can meet.
struct stock {
    static isolite::seed seed() {
        return isolite::seed("stock").sql(
            "CREATE TABLE products(id INTEGER PRIMARY KEY, name TEXT);"
            "INSERT INTO products(name) VALUES ('tea'), ('milk')");
    }
};

/// Another database whose seed has the same name.
struct other_stock {
    static isolite::seed seed() {
        return isolite::seed("stock").sql("CREATE TABLE shelves(id INTEGER PRIMARY KEY);"
                                          "INSERT INTO shelves DEFAULT VALUES");
    }
};

/// A third one.
struct late_stock {
    static isolite::seed seed() { return isolite::seed("late").sql("CREATE TABLE late(x)"); }
};

/// A fourth one.
struct staff {
    static isolite::seed seed() {
        return isolite::seed("staff").sql("CREATE TABLE people(name TEXT)");
    }
};
