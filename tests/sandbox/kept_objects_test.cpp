#include "engine_fixture.hpp"
#include "in_child.hpp"
#include "sandbox/kept_objects.hpp"

#include <cstdint>
#include <string>
#include <typeinfo>

// What the constructors of kept objects change, whenever they are made.

using isolite::mode;

namespace {

constexpr const char* more_table = "CREATE TABLE more (a)";

struct making_table {
    explicit making_table(SQLite::Database& db)
        : rows((db.exec("CREATE TABLE IF NOT EXISTS made (a); INSERT INTO made VALUES (1)"), db),
               "SELECT count(*) FROM made") {}

    int count() {
        rows.executeStep();
        const int counted = rows.getColumn(0).getInt();
        rows.reset();
        return counted;
    }

    SQLite::Statement rows;
};

struct making_row {
    explicit making_row(SQLite::Database& db) { db.exec("INSERT INTO t (v) VALUES ('kept')"); }
};

/// One that makes a row only when it is made again.
struct making_row_later {
    explicit making_row_later(SQLite::Database& db) {
        if (++made > 1) {
            db.exec("INSERT INTO t (v) VALUES ('kept')");
        }
    }
    static inline int made = 0;
};

struct setting_later {
    explicit setting_later(SQLite::Database& db) {
        if (++made > 1) {
            db.exec("PRAGMA cache_size = 5; CREATE TEMP TABLE made_later (a)");
        }
    }
    int number = 7;
    static inline int made = 0;
};

/// Settings that are not among those which are always looked at.
struct setting_unusual_later {
    explicit setting_unusual_later(SQLite::Database& db) {
        if (++made > 1) {
            db.exec("PRAGMA max_page_count = 900; PRAGMA cache_spill = 5100");
        }
    }
    static inline int made = 0;
};

struct setting_limit {
    explicit setting_limit(SQLite::Database& db) { db.exec("PRAGMA max_page_count = 900"); }
};

struct setting {
    explicit setting(SQLite::Database& db) {
        db.exec("PRAGMA foreign_keys = OFF; CREATE TEMP TABLE IF NOT EXISTS scratch (a)");
    }
};

struct setting_what_is_set {
    explicit setting_what_is_set(SQLite::Database& db)
        : rows((db.exec("PRAGMA foreign_keys = ON"), db), "SELECT count(*) FROM t") {
        ++made;
    }
    SQLite::Statement rows;
    static inline int made = 0;
};

/// One that uses another one.
struct using_row {
    explicit using_row(SQLite::Database& /*db*/) {
        if (asked) {
            static_cast<void>(asked->kept<making_row>());
        }
    }
    static inline isolite::engine* asked = nullptr;
};

/// One that rolls back what somebody may have left open.
struct rolling_back {
    explicit rolling_back(SQLite::Database& db) {
        if (sqlite3_get_autocommit(db.getHandle()) == 0) {
            db.exec("ROLLBACK");
        }
    }
};

struct leaving_transaction {
    explicit leaving_transaction(SQLite::Database& db) {
        if (++made > 1) {
            db.exec("INSERT INTO t (v) VALUES ('kept'); COMMIT");
        }
    }
    static inline int made = 0;
};

} // namespace

TEST_CASE_FIXTURE(engine_fixture, "what a kept object writes is gone with the test that made it") {
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        auto maker = open("maker", each);
        CHECK(engine.kept<making_table>().count() == 1);
        static_cast<void>(engine.kept<making_row>());
        CHECK(failure(maker) == "");
        auto next = open("next", each);
        CHECK(rows() == 1);
        CHECK_FALSE(engine.db().tableExists("made"));
        run(more_table);
        CHECK(failure(next) == "");
        auto last = open("last", each);
        CHECK(rows() == 1);
        CHECK_FALSE(engine.db().tableExists("made"));
        CHECK(failure(last) == "");
    }
}

TEST_CASE_FIXTURE(engine_fixture, "each test that asks for a kept object finds what it writes") {
    for (const char* name : {"first", "second", "third"}) {
        auto test = open(name);
        making_table& kept = engine.kept<making_table>();
        CHECK(kept.count() == 1);
        static_cast<void>(engine.kept<making_row>());
        static_cast<void>(engine.kept<making_row>());
        CHECK(&engine.kept<making_table>() == &kept);
        CHECK(rows() == 2);
        CHECK(failure(test) == "");
    }
}

TEST_CASE_FIXTURE(engine_fixture, "a kept object that uses one which writes is made with it") {
    using_row::asked = &engine;
    for (const char* name : {"first", "second"}) {
        auto test = open(name);
        static_cast<void>(engine.kept<using_row>());
        CHECK(rows() == 2);
        CHECK(failure(test) == "");
    }
    using_row::asked = nullptr;
}

TEST_CASE_FIXTURE(engine_fixture, "a kept object whose table is gone says so") {
    auto maker = open("maker");
    making_table& kept = engine.kept<making_table>();
    CHECK(failure(maker) == "");
    CHECK_THROWS_AS(kept.count(), SQLite::Exception);
}

TEST_CASE_FIXTURE(engine_fixture, "what a kept object of a suite writes holds for its tests") {
    auto suite = open_copy_on_write("suite");
    making_table& kept = engine.kept<making_table>();
    for (const char* name : {"first", "second", "third"}) {
        auto test = open(name);
        CHECK(&engine.kept<making_table>() == &kept);
        CHECK(kept.count() == 1);
        run(more_table); // so that it is made again
        CHECK(failure(test) == "");
        CHECK(kept.count() == 1);
    }
    CHECK(failure(suite) == "");
    auto later = open("later");
    CHECK_FALSE(engine.db().tableExists("made"));
    CHECK(engine.kept<making_table>().count() == 1);
    CHECK(failure(later) == "");
}

TEST_CASE_FIXTURE(engine_fixture,
                  "each session inside a transaction finds what a kept object writes") {
    auto outer = open("outer");
    for (const char* name : {"first", "second"}) {
        auto inner = open(name);
        static_cast<void>(engine.kept<making_row>());
        CHECK(rows() == 2);
        CHECK(failure(inner) == "");
        CHECK(rows() == 1);
    }
    CHECK(failure(outer) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "what a kept object wrote before all sessions stays, once") {
    making_table& kept = engine.kept<making_table>();
    for (const char* name : {"first", "second", "third"}) {
        auto test = open(name);
        CHECK(engine.kept<making_table>().count() == 1);
        run(more_table);
        CHECK(failure(test) == "");
        CHECK(kept.count() == 1);
    }
}

TEST_CASE_FIXTURE(engine_fixture, "a kept object that comes to write when it is made again does "
                                  "so only for who asks") {
    making_row_later::made = 0;
    static_cast<void>(engine.kept<making_row_later>());
    auto test = open("test");
    run(more_table);
    CHECK(failure(test) == "");
    CHECK(making_row_later::made == 2);
    auto next = open("next");
    CHECK(rows() == 1);
    CHECK(value("SELECT last_insert_rowid(), changes()") == "0");
    CHECK(value("SELECT changes()") == "0");
    static_cast<void>(engine.kept<making_row_later>());
    CHECK(rows() == 2);
    CHECK(failure(next) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a kept object that comes to change settings does so only for "
                                  "who asks") {
    setting_later::made = 0;
    setting_later& kept = engine.kept<setting_later>();
    auto test = open("test");
    run(more_table);
    CHECK(failure(test) == "");
    auto next = open("next");
    CHECK(value("PRAGMA cache_size") == "-2000");
    CHECK(value("SELECT count(*) FROM sqlite_temp_master") == "0");
    CHECK(kept.number == 7);
    CHECK(failure(next) == "");
    auto asking = open_copy_on_write("asking");
    static_cast<void>(engine.kept<setting_later>());
    CHECK(failure(asking) ==
          "cannot end 'asking' with a clean database: it changed PRAGMA cache_size from -2000 to "
          "5; it left the temporary table 'made_later' behind\n  hint: undo in the test what it "
          "did to its connection, for instance in a destructor");
}

TEST_CASE_FIXTURE(engine_fixture, "what a kept object comes to limit is no test's to find") {
    setting_unusual_later::made = 0;
    static_cast<void>(engine.kept<setting_unusual_later>());
    auto test = open("test");
    const std::string pages = value("PRAGMA max_page_count");
    const std::string spill = value("PRAGMA cache_spill");
    run(more_table);
    CHECK(failure(test) == "");
    CHECK(setting_unusual_later::made == 2);
    auto next = open("next");
    CHECK(value("PRAGMA max_page_count") == pages);
    CHECK(value("PRAGMA cache_spill") == spill);
    CHECK(failure(next) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a limit that a kept object sets is told of each that makes it") {
    for (const char* name : {"first", "second"}) {
        auto maker = open(name);
        static_cast<void>(engine.kept<setting_limit>());
        CHECK(failure(maker).find("it changed PRAGMA max_page_count from ") != std::string::npos);
        auto next = open("next");
        CHECK(value("PRAGMA max_page_count") != "900");
        CHECK(failure(next) == "");
    }
}

TEST_CASE_FIXTURE(engine_fixture, "what a kept object sets is told of each test that makes it") {
    for (const char* name : {"first", "second"}) {
        auto maker = open_copy_on_write(name);
        static_cast<void>(engine.kept<setting>());
        CHECK(failure(maker).find("it changed PRAGMA foreign_keys from 1 to 0; it left the "
                                  "temporary table 'scratch' behind") != std::string::npos);
        auto next = open("next");
        CHECK(value("PRAGMA foreign_keys") == "1");
        CHECK(value("SELECT count(*) FROM sqlite_temp_master") == "0");
        run(more_table);
        CHECK(failure(next) == "");
        auto last = open("last");
        CHECK(value("PRAGMA foreign_keys") == "1");
        CHECK(value("SELECT count(*) FROM sqlite_temp_master") == "0");
        CHECK(failure(last) == "");
    }
}

TEST_CASE_FIXTURE(engine_fixture, "a kept object that sets what is set is made once a connection") {
    setting_what_is_set::made = 0;
    auto maker = open("maker");
    setting_what_is_set& kept = engine.kept<setting_what_is_set>();
    CHECK(failure(maker) == "");
    auto next = open("next");
    static_cast<void>(engine.kept<setting_what_is_set>());
    run(more_table);
    CHECK(failure(next) == "");
    CHECK(kept.rows.executeStep());
    kept.rows.reset();
    CHECK(setting_what_is_set::made <= 3); // what is usual is learned from one of them
}

TEST_CASE_FIXTURE(engine_fixture, "what a kept object writes between tests is nobody's") {
    CHECK(in_child([this] { // since the process fails for it
              auto first = open("first");
              std::string seen = failure(first);
              static_cast<void>(engine.kept<making_row>());
              auto next = open("next");
              seen += std::to_string(rows());
              static_cast<void>(engine.kept<making_row>());
              seen += std::to_string(rows());
              return seen + failure(next);
          }) == "12");
}

TEST_CASE_FIXTURE(engine_fixture, "what a kept object commits when it is made again is undone") {
    leaving_transaction::made = 0;
    static_cast<void>(engine.kept<leaving_transaction>());
    for (const char* name : {"first", "second"}) {
        auto test = open(name);
        CHECK(rows() == 1);
        run(more_table);
        CHECK(failure(test) == "");
    }
    auto suite = open_copy_on_write("suite");
    for (const char* name : {"suite/first", "suite/second"}) {
        auto test = open(name);
        CHECK(rows() == 1);
        run(more_table);
        CHECK(failure(test) == "");
    }
    CHECK(failure(suite) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a suite keeps its rows where a kept object commits when it is "
                                  "made again") {
    leaving_transaction::made = 0;
    static_cast<void>(engine.kept<leaving_transaction>());
    auto suite = open_copy_on_write("suite");
    run("INSERT INTO t (v) VALUES ('of the suite')");
    for (const char* name : {"suite/first", "suite/second"}) {
        auto test = open(name);
        CHECK(rows() == 2);
        run(more_table);
        CHECK(failure(test) == "");
    }
    CHECK(rows() == 2);
    CHECK(failure(suite) == "");
}

TEST_CASE_FIXTURE(engine_fixture,
                  "a kept object that ends transactions keeps no test from running") {
    static_cast<void>(engine.kept<rolling_back>());
    for (const char* name : {"first", "second", "third"}) {
        auto test = open(name);
        CHECK(rows() == 1);
        run(more_table);
        CHECK(failure(test) == "");
    }
    auto asking = open("asking");
    static_cast<void>(engine.kept<rolling_back>());
    run("INSERT INTO t (v) VALUES ('committed')");
    CHECK(failure(asking).find("committed changes to the database 's'") != std::string::npos);
    auto next = open("next");
    CHECK(rows() == 1);
    run(more_table);
    CHECK(failure(next) == "");
    auto last = open("last");
    CHECK(rows() == 1);
    CHECK(failure(last) == "");
}

namespace {

struct counted_row {
    explicit counted_row(SQLite::Database& db) {
        db.exec("CREATE TABLE IF NOT EXISTS t (a); INSERT INTO t VALUES (1)");
        ++alive;
    }
    ~counted_row() { --alive; }
    counted_row(const counted_row&) = delete;
    counted_row& operator=(const counted_row&) = delete;

    static inline int alive = 0;
};

} // namespace

TEST_CASE("an object that has ended is not ended once more when what it changed is undone") {
    const std::uint64_t schema_changes = 0;
    SQLite::Database database(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    {
        isolite::sandbox::kept_objects objects(schema_changes);
        const auto ask = [&] {
            static_cast<void>(
                objects.get(typeid(counted_row), isolite::kind_of<counted_row>(), database));
        };
        ask();
        objects.end_current();
        CHECK(counted_row::alive == 0);
        objects.undo_since(0);
        ask();
        CHECK(counted_row::alive == 1);
    }
    CHECK(counted_row::alive == 0);
}
