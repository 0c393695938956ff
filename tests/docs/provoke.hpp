#pragma once

#include <isolite/session.hpp>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

// The parts of provoke_messages, each in a file of its own.
void provoke_images(const std::string& directory);
void provoke_leaks();
void provoke_ledger(const std::string& directory);
void provoke_sessions(const std::string& directory);
void provoke_workers(const std::string& directory);

/// Prints a message for troubleshooting_test.py.
inline void print(const std::string& text) {
    std::printf("%s\n%%%%\n", text.c_str());
}

/// Prints the error of a result. That there is none is a mistake of this program.
template <typename Result>
void print_error(const Result& failed) {
    print(failed ? "nothing failed" : failed.error().text());
}

inline isolite::seed stock_seed() {
    return isolite::seed("stock").sql(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, product UNIQUE);"
        "INSERT INTO orders (product) VALUES (7), (8);");
}

inline isolite::engine open_engine(const isolite::seed& seed = stock_seed()) {
    auto opened = isolite::engine::open(seed);
    if (!opened) {
        print(opened.error().text());
        std::exit(EXIT_FAILURE);
    }
    return std::move(*opened);
}

/// Returns a further connection, which does not wait for locks.
inline SQLite::Database connect(const isolite::engine& engine) {
    auto opened = engine.connect(std::chrono::milliseconds(0));
    if (!opened) {
        print(opened.error().text());
        std::exit(EXIT_FAILURE);
    }
    return std::move(*opened);
}
