#pragma once

#include "store/directory.hpp"

#include <isolite/engine.hpp>

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <utility>

inline isolite::engine open(const isolite::seed& seed) {
    auto opened = isolite::engine::open(seed);
    if (!opened) {
        FAIL(opened.error().text());
    }
    return std::move(*opened);
}

inline isolite::seed products() {
    return isolite::seed("products")
        .sql("CREATE TABLE products (id INTEGER PRIMARY KEY, stock);"
             "INSERT INTO products VALUES (7, 100), (8, NULL)");
}

/// Returns what is in memory: the databases of engines that are open, those of the worker for ever.
inline auto names_in_memory() {
    return isolite::store::directory::of_process().names();
}
