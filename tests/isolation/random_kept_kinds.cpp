#include "random_kind.hpp"
#include "random_late.hpp"

#include <isolite/session.hpp>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <exception>
#include <utility>

// Objects of code under test whose constructors change something: asked for first in a test, in a
// suite, or in set-up, which makes them again on each new connection.

namespace {

constexpr unsigned in_suites = trait::own | trait::suite;

/// What constructors do, each that of a type of its own.
struct rows {
    static constexpr const char* scripts[] = {
        "INSERT INTO lg VALUES ('by a kept object')",
        "INSERT INTO t(v) VALUES ('kept')",
        "REPLACE INTO wr VALUES ('kept', 1)",
        "INSERT INTO seq(v) VALUES ('kept')",
        "INSERT INTO ft VALUES ('hello from a kept object')",
        "PRAGMA user_version = 4100",
    };
};
struct savepoints {
    static constexpr const char* scripts[] = {
        "SAVEPOINT kept; INSERT INTO lg VALUES ('kept'); RELEASE kept",
        "SAVEPOINT kept; INSERT INTO lg VALUES ('kept'); ROLLBACK TO kept; RELEASE kept",
    };
};
struct schemas {
    static constexpr const char* scripts[] = {
        "CREATE TABLE IF NOT EXISTS of_kept(a); INSERT INTO of_kept VALUES (1)",
        "CREATE INDEX IF NOT EXISTS kept_index ON big(s)",
        "CREATE VIEW IF NOT EXISTS kept_view AS SELECT * FROM t",
        ("CREATE TRIGGER IF NOT EXISTS kept_trigger AFTER INSERT ON t BEGIN "
         "INSERT INTO lg VALUES ('by the trigger of a kept object'); END"),
        "UPDATE big SET a = 1; ANALYZE",
        "CREATE VIRTUAL TABLE IF NOT EXISTS kept_ft USING fts5(x)",
    };
};
struct commits {
    static constexpr const char* scripts[] = {
        "BEGIN; INSERT INTO lg VALUES ('committed by a kept object'); COMMIT",
        "BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS of_kept_too(a); COMMIT",
    };
};
struct ends {
    static constexpr const char* scripts[] = {
        "INSERT INTO lg VALUES ('kept'); COMMIT",
        "ROLLBACK",
        "COMMIT; BEGIN",
        "BEGIN; INSERT INTO lg VALUES ('left open by a kept object')",
    };
};
struct numbers {
    static constexpr const char* scripts[] = {
        "PRAGMA cache_size = 41",           "PRAGMA main.cache_size = 42",
        "PRAGMA journal_size_limit = 4100", "PRAGMA busy_timeout = 41",
        "PRAGMA max_page_count = 910",      "PRAGMA main.max_page_count = 911",
        "PRAGMA wal_autocheckpoint = 41",
    };
};
struct kept_flags {
    static constexpr const char* scripts[] = {
        "PRAGMA reverse_unordered_selects = 1", "PRAGMA automatic_index = 0",
        "PRAGMA cell_size_check = 1",           "PRAGMA legacy_alter_table = 1",
        "PRAGMA writable_schema = 1",
    };
};
struct other_settings {
    static constexpr const char* scripts[] = {
        "PRAGMA mmap_size = 40960",    "PRAGMA cache_spill = 4100",
        "PRAGMA secure_delete = FAST", "PRAGMA case_sensitive_like = 1",
        "PRAGMA temp_store = 2",       "PRAGMA journal_mode = OFF",
        "PRAGMA foreign_keys = 0",     "PRAGMA locking_mode = EXCLUSIVE",
        "PRAGMA synchronous = NORMAL", "PRAGMA temp.max_page_count = 910",
        "PRAGMA optimize = -1",        "PRAGMA auto_vacuum = 2",
    };
};
struct temporaries {
    static constexpr const char* scripts[] = {
        "CREATE TEMP TABLE IF NOT EXISTS kept_temp(a); INSERT INTO temp.kept_temp VALUES (1)",
        "CREATE TEMP VIEW IF NOT EXISTS kept_temp_view AS SELECT 1",
        ("CREATE TEMP TRIGGER IF NOT EXISTS kept_temp_trigger AFTER INSERT ON main.t BEGIN "
         "INSERT INTO lg VALUES ('by the temp trigger of a kept object'); END"),
    };
};
struct attachments {
    static constexpr const char* scripts[] = {
        "ATTACH ':memory:' AS of_kept",
        "ATTACH ':memory:' AS of_kept_2; CREATE TABLE of_kept_2.n(a)",
    };
};

int constructed = 0;

template <typename Family, std::size_t Number>
struct keeper {
    explicit keeper(SQLite::Database& db)
        : read((++constructed, db.exec(Family::scripts[Number]), db), "SELECT count(*) FROM one") {}

    SQLite::Statement read;
};

/// One that uses another one, which writes.
template <std::size_t Number>
struct using_another {
    explicit using_another(SQLite::Database& /*db*/) {
        ++constructed;
        static_cast<void>(engine->kept<keeper<rows, Number>>());
    }
    static inline isolite::engine* engine = nullptr;
};

/// Asks for an object. Done is what its constructor does, which ran only where there was none.
template <typename Object>
void ask(act& a) {
    const int before = constructed;
    try {
        static_cast<void>(a.w.engine().kept<Object>());
        a.done = constructed != before;
    } catch (const std::exception& problem) {
        a.w.note(problem.what());
        a.done = false;
    }
    a.w.note(std::to_string(constructed - before) + " made");
}

template <typename Family, std::size_t... Numbers>
void ask_for_one(act& a, std::index_sequence<Numbers...> /*all*/) {
    void (*const asks[])(act&) = {ask<keeper<Family, Numbers>>...};
    const auto which = a.d.roll(sizeof...(Numbers));
    a.w.note(Family::scripts[which]);
    asks[which](a);
}

template <typename Family>
void ask_for(act& a) {
    ask_for_one<Family>(a, std::make_index_sequence<std::size(Family::scripts)>());
}

template <typename Family>
kind kept(const char* name, verdict in_rollback, verdict in_copy_on_write, unsigned traits) {
    return {std::string("a kept object that ") + name, in_rollback, in_copy_on_write, traits,
            ask_for<Family>};
}

void ask_in_session(act& a, isolite::mode mode) {
    bool was_done = false;
    run_inner_session(a, mode, [&] {
        ask_for<rows>(a);
        was_done = a.done;
    });
    a.done = was_done;
}

} // namespace

std::vector<kind> kept_kinds() {
    using isolite::mode;
    return {
        kept<rows>("writes", P, P, in_suites),
        kept<savepoints>("writes in a savepoint", P, E, own),
        kept<schemas>("changes the schema", P, P, in_suites),
        {"a kept object that commits", F, P, own,
         [](act& a) {
             const int before = constructed;
             ask_for<commits>(a);
             a.done = constructed != before; // what is refused counts
         }},
        kept<ends>("ends a transaction", E, E, own),
        kept<numbers>("sets a number", F, F, in_suites),
        kept<kept_flags>("sets a flag", F, F, own),
        kept<other_settings>("sets something else", E, E, own),
        kept<temporaries>("makes something in TEMP", P, F, in_suites),
        kept<attachments>("attaches memory", F, F, in_suites),
        {"a kept object that uses another", P, P, in_suites,
         [](act& a) {
             using_another<0>::engine = using_another<3>::engine = &a.w.engine();
             a.d.chance(50) ? ask<using_another<0>>(a) : ask<using_another<3>>(a);
         }},
        {"a kept object of an inner savepoint", P, P, own | trait::refused,
         [](act& a) { ask_in_session(a, mode::rollback); }},
        {"a kept object of an inner session", P, P, own | trait::refused,
         [](act& a) { ask_in_session(a, mode::copy_on_write); }},
        {"a kept object of set-up", E, E, own | trait::late | trait::unpaired,
         [](act& a) { a.w.note(std::to_string(ask_for_late(a.w.engine()))); }},
        {"a kept object of set-up, used", P, P, own | trait::late | trait::unpaired,
         [](act& a) { a.w.note(use_late()); }},
    };
}
