#pragma once

#include "store/directory.hpp"

#include <isolite/session.hpp>

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <string>
#include <utility>

/// Returns an engine on the seed.
inline isolite::engine opened(const isolite::seed& seed) {
    ::setenv("ISOLITE_EVIDENCE", "off", 1);
    auto engine = isolite::engine::open(seed);
    if (!engine) {
        FAIL(engine.error().text());
    }
    return std::move(*engine);
}

/// Closes the session. Returns the message of what it left behind, or "".
inline std::string failure(isolite::session& session) {
    const auto closed = session.close();
    return closed ? "" : closed.error().text();
}

/// An engine with a table of one row, and the sessions that a test opens on it.
struct engine_fixture {
    explicit engine_fixture(const isolite::seed& seed = seed_of_one_row()) : engine(opened(seed)) {}

    static isolite::seed seed_of_one_row() {
        return isolite::seed("s").sql("CREATE TABLE t (id INTEGER PRIMARY KEY, v);"
                                      "INSERT INTO t VALUES (1, 'seeded')");
    }

    isolite::session open(const char* name = "a test",
                          isolite::mode mode = isolite::mode::rollback) {
        auto opened = isolite::session::open(engine, name, mode);
        if (!opened) {
            FAIL(opened.error().text());
        }
        return std::move(*opened);
    }

    isolite::session open_copy_on_write(const char* name = "a test") {
        return open(name, isolite::mode::copy_on_write);
    }

    void run(const char* sql) { engine.db().exec(sql); }

    std::string value(const std::string& sql) { return engine.db().execAndGet(sql).getString(); }

    int rows() { return engine.value<int>("SELECT count(*) FROM t"); }

    std::size_t layers() {
        return isolite::store::directory::of_process().find(engine.name())->depth();
    }

    isolite::engine engine;
};
