#pragma once

#include <isolite/seed.hpp>

#include <chrono>

/// Keeps the processor busy.
inline void be_busy_for(std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
    }
}

/// A database whose making takes longer than all the tests on it.
struct slow_database {
    static isolite::seed seed() {
        return isolite::seed("slow").sql("CREATE TABLE t (a)").step("busy", [](SQLite::Database&) {
            be_busy_for(std::chrono::milliseconds(120));
        });
    }
};
