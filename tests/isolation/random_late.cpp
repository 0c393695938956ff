#include "random_late.hpp"

#include <isolite/engine.hpp>

#include <SQLiteCpp/SQLiteCpp.h>

#include <exception>
#include <utility>

namespace {

constexpr const char* scripts[late_objects] = {
    "INSERT INTO lg VALUES ('made again')",
    "CREATE TABLE IF NOT EXISTS late(a); INSERT INTO late VALUES (1)",
    "UPDATE big SET a = 1; ANALYZE",
    "PRAGMA cache_size = 51",
    "PRAGMA max_page_count = 920; PRAGMA reverse_unordered_selects = 1",
    "PRAGMA cache_spill = 5100; PRAGMA mmap_size = 40960; PRAGMA case_sensitive_like = 1",
    "CREATE TEMP TABLE IF NOT EXISTS late(a); INSERT INTO temp.late VALUES (1)",
    "INSERT INTO lg VALUES ('committed again'); COMMIT",
    "BEGIN; INSERT INTO lg VALUES ('committed again'); COMMIT",
};

int made = 0;

template <std::size_t Number>
struct late {
    explicit late(SQLite::Database& db) : read(db, "SELECT count(*) FROM one") {
        ++made;
        if (++made_of_it > 1) {
            db.exec(scripts[Number]);
        }
    }

    SQLite::Statement read;
    static inline int made_of_it = 0;
};

struct always {
    explicit always(SQLite::Database& db)
        : read((++made,
                db.exec("CREATE TABLE IF NOT EXISTS set_up(a);"
                        "INSERT INTO set_up VALUES ('by a kept object');"
                        "PRAGMA analysis_limit = 43"),
                db),
               "SELECT count(*) FROM set_up") {}

    SQLite::Statement read;
};

template <std::size_t Number>
SQLite::Statement& ask(isolite::engine& engine) {
    return engine.kept<late<Number>>().read;
}

template <std::size_t... Numbers>
SQLite::Statement& ask_for(isolite::engine& engine, std::size_t which,
                           std::index_sequence<Numbers...> /*all*/) {
    SQLite::Statement& (*const asks[])(isolite::engine&) = {ask<Numbers>...};
    return asks[which](engine);
}

SQLite::Statement& kept_late(isolite::engine& engine, std::size_t which) {
    return ask_for(engine, which, std::make_index_sequence<late_objects>());
}

unsigned chosen_late = 0;
always* held = nullptr;

std::string told(SQLite::Statement& of) {
    try {
        of.executeStep();
        const std::string rows = of.getColumn(0).getString();
        of.reset();
        return rows;
    } catch (const std::exception& problem) {
        of.tryReset();
        return problem.what();
    }
}

} // namespace

void make_late(isolite::engine& engine, unsigned which) {
    chosen_late = which;
    static_cast<void>(kept_late(engine, which));
    held = &engine.kept<always>();
}

int ask_for_late(isolite::engine& engine) {
    static_cast<void>(kept_late(engine, chosen_late));
    static_cast<void>(told(engine.kept<always>().read));
    return made;
}

std::string use_late() {
    return told(held->read);
}
