#pragma once

#include <isolite/seed.hpp>

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql("CREATE TABLE products (id INTEGER PRIMARY KEY);"
                                         "INSERT INTO products VALUES (7)");
    }
};
