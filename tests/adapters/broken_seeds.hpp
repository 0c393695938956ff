#pragma once

#include <isolite/seed.hpp>

#include <cstdio>
#include <stdexcept>

// Databases that cannot be made. Each says on stderr when somebody tries to.

inline void announce(const char* name) {
    std::fprintf(stderr, "seeding %s\n", name);
}

inline isolite::seed announced(const char* name) {
    return isolite::seed(name).step("announcement",
                                    [name](SQLite::Database& /*made*/) { announce(name); });
}

struct wrong_sql {
    static isolite::seed seed() {
        return announced("wrong-sql").sql("CREATE TABLE t(x);\nINSERT INTO nowhere VALUES (1);");
    }
};

struct missing_file {
    static isolite::seed seed() {
        return announced("missing-file").sql_file("/nowhere/schema.sql");
    }
};

struct throwing_step {
    static isolite::seed seed() {
        return announced("throwing-step").step("prices", [](SQLite::Database&) {
            throw std::runtime_error("the price list is empty");
        });
    }
};

struct throwing_description {
    static isolite::seed seed() { throw std::runtime_error("no such directory"); }
};

struct throwing_connection {
    static isolite::seed seed() {
        return isolite::seed("throwing-connection").on_connect([](SQLite::Database&) {
            announce("throwing-connection");
            throw std::runtime_error("the extension is missing");
        });
    }
};
