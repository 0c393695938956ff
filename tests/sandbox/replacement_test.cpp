#include "engine_fixture.hpp"
#include "in_child.hpp"

#include <isolite/engine.hpp>
#include <isolite/fixture.hpp>
#include <isolite/seed.hpp>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/time.h>

#include <stdexcept>

using isolite::mode;

namespace {

/// Code under test that keeps a statement.
struct counter {
    explicit counter(SQLite::Database& db) : rows(db, "SELECT count(*) FROM t") { ++made; }

    int count() {
        rows.reset();
        rows.executeStep();
        return rows.getColumn(0).getInt();
    }

    SQLite::Statement rows;
    static inline int made = 0;
};

constexpr const char* unusual = "CREATE TABLE made (a); DROP TABLE made; CREATE TABLE made (a)";

/// A framework that remembers what failed.
struct listening final : isolite::framework {
    std::string current_test() const override { return "a test"; }
    std::optional<mode> chosen_mode() const override { return std::nullopt; }
    bool failing() const override { return false; }
    void fail(const std::string& message) noexcept override { failure = message; }
    void note(const std::string& /*message*/) noexcept override {}

    std::string failure;
};

} // namespace

TEST_CASE_FIXTURE(engine_fixture, "an ordinary test keeps its connection") {
    sqlite3* const before = engine.db().getHandle();
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        auto test = open("a test", each);
        run("INSERT INTO t (v) VALUES (1); UPDATE t SET v = 2; DELETE FROM t; PRAGMA table_info(t);"
            "SAVEPOINT a; RELEASE a");
        CHECK(failure(test) == "");
        CHECK(engine.db().getHandle() == before);
    }
}

TEST_CASE_FIXTURE(engine_fixture, "a PRAGMA that sets what is set costs one connection at most") {
    auto first = open("first");
    run("PRAGMA recursive_triggers = OFF");
    CHECK(failure(first) == "");
    sqlite3* const before = engine.db().getHandle();
    auto second = open("second");
    run("PRAGMA recursive_triggers = OFF");
    CHECK(failure(second) == "");
    CHECK(engine.db().getHandle() == before);
}

TEST_CASE_FIXTURE(engine_fixture, "a PRAGMA that was put back costs no later test its connection") {
    for (const char* name : {"first", "second"}) { // what is usual is learned from the first
        auto test = open_copy_on_write(name);
        run("PRAGMA recursive_triggers = ON; PRAGMA recursive_triggers = OFF");
        CHECK(failure(test) == "");
    }
    sqlite3* const before = engine.db().getHandle();
    auto third = open("third");
    CHECK(rows() == 1);
    CHECK(failure(third) == "");
    CHECK(engine.db().getHandle() == before);
}

TEST_CASE_FIXTURE(engine_fixture, "behind a replaced connection all addresses stay") {
    SQLite::Database* const db = &engine.db();
    sqlite3* const before = db->getHandle();
    counter* const kept = &engine.kept<counter>();
    SQLite::Statement* const statement = &engine.statement("SELECT v FROM t");
    auto test = open("changes the schema");
    run(unusual);
    CHECK(failure(test) == "");
    CHECK(&engine.db() == db);
    CHECK(db->getHandle() != before);
    CHECK(kept->count() == 1); // made anew in its place, though nobody asked for it
    CHECK(&engine.kept<counter>() == kept);
    CHECK(&engine.statement("SELECT v FROM t") == statement);
    CHECK(engine.value<std::string>("SELECT v FROM t") == "seeded");
}

namespace {

/// Remembers what the schema was when it was made.
struct note_of_schema {
    explicit note_of_schema(SQLite::Database& db) : has_more(db.tableExists("more")) {}
    bool has_more;
};

} // namespace

TEST_CASE_FIXTURE(
    engine_fixture,
    "an object that was made for a schema which another connection made goes with it") {
    static_cast<void>(engine.kept<counter>());
    const int made = counter::made;
    auto test = open("changes the schema", mode::copy_on_write);
    engine.connect()->exec("CREATE TABLE more (x)");
    const note_of_schema& note = engine.kept<note_of_schema>();
    CHECK(note.has_more);
    CHECK(failure(test) == "");
    CHECK_FALSE(note.has_more);
    CHECK(counter::made == made); // which was there before
}

TEST_CASE_FIXTURE(engine_fixture,
                  "a kept statement that nobody renewed throws, and does not crash") {
    SQLite::Statement& statement = engine.statement("SELECT v FROM t");
    auto test = open("changes the schema");
    run(unusual);
    CHECK(failure(test) == "");
    CHECK_THROWS_AS(statement.executeStep(), SQLite::Exception);
}

TEST_CASE_FIXTURE(engine_fixture, "a statement of one's own is dead after a replacement") {
    SQLite::Statement own(engine.db(), "SELECT count(*) FROM t");
    auto test = open("changes the schema");
    run(unusual);
    CHECK(failure(test) == "");
    CHECK_THROWS_WITH(own.executeStep(), "not authorized");
}

TEST_CASE("an on_connect that throws later is an error of each session until it succeeds") {
    int calls = 0;
    isolite::engine engine =
        opened(engine_fixture::seed_of_one_row().on_connect([&calls](SQLite::Database&) {
            if (++calls > 1 && calls < 5) { // once more to compare with
                throw std::runtime_error("not now");
            }
        }));
    auto culprit = isolite::session::open(engine, "culprit");
    engine.db().exec(unusual);
    CHECK(failure(*culprit) == "");
    const auto next = isolite::session::open(engine, "next");
    REQUIRE(!next);
    CHECK(next.error().message == "open a session for 'next': open a connection to "
                                  "'file:s?vfs=isolite': not now");
    CHECK(next.error().hint == "a step given to on_connect threw this exception");
    auto last = isolite::session::open(engine, "last");
    REQUIRE(last);
    CHECK(engine.value<int>("SELECT count(*) FROM t") == 1);
    CHECK(failure(*last) == "");
}

TEST_CASE("work between tests changes no rowid, also where on_connect throws at that time") {
    bool throws = false;
    isolite::engine engine =
        opened(engine_fixture::seed_of_one_row().on_connect([&throws](SQLite::Database&) {
            if (throws) {
                throw std::runtime_error("not now");
            }
        }));
    auto first = isolite::session::open(engine, "first");
    const auto rowid = engine.value<sqlite3_int64>("SELECT last_insert_rowid()");
    CHECK(failure(*first) == "");
    auto culprit = isolite::session::open(engine, "culprit");
    engine.db().exec(unusual);
    throws = true;
    CHECK(failure(*culprit) == "");
    engine.db().exec("INSERT INTO t VALUES (888, 'between')");
    CHECK(!isolite::session::open(engine, "meets on_connect"));
    throws = false;
    auto last = isolite::session::open(engine, "last");
    REQUIRE(last);
    CHECK(engine.value<sqlite3_int64>("SELECT last_insert_rowid()") == rowid);
    CHECK(engine.value<int>("SELECT count(*) FROM t") == 1);
    CHECK(failure(*last) == "");
}

TEST_CASE("an on_connect that attaches a file is refused in words") {
    const auto engine = isolite::engine::open(
        engine_fixture::seed_of_one_row().on_connect([](SQLite::Database& db) {
            db.exec("ATTACH 'file:/tmp/isolite-nobody-puts-this-back.db?vfs=unix' AS outside");
        }));
    REQUIRE(!engine);
    CHECK(engine.error().message ==
          "open a connection to 'file:s?vfs=isolite': on_connect attached the file "
          "'/tmp/isolite-nobody-puts-this-back.db', which nobody would put back");
    CHECK(engine.error().hint == "attach a database with seed::attach, or ':memory:'");
}

TEST_CASE("with strict connections a test that leaves one open fails") {
    isolite::engine engine = opened(engine_fixture::seed_of_one_row().strict_connections());
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        auto test = isolite::session::open(engine, "a test", each);
        auto left = engine.connect();
        CHECK(failure(*test) == "cannot end 'a test' with a clean database: it left a connection "
                                "to the database 's' open\n  hint: close it, and join its thread, "
                                "before the test ends");
        auto next = isolite::session::open(engine, "next", each);
        CHECK(failure(*next) == "");
    }
}

TEST_CASE_FIXTURE(engine_fixture, "a connection of the suite belongs to no test in it") {
    isolite::engine strict =
        opened(isolite::seed("strict").sql("CREATE TABLE t (a);").strict_connections());
    auto suite = isolite::session::open(strict, "suite", mode::copy_on_write);
    auto shared = strict.connect();
    auto test = isolite::session::open(strict, "suite/test", mode::copy_on_write);
    CHECK(failure(*test) == "");
}

TEST_CASE("with strict connections those of the engine that were replaced are nobody's") {
    isolite::engine engine = opened(engine_fixture::seed_of_one_row().strict_connections());
    const auto of_program = engine.connect();
    for (const mode each : {mode::rollback, mode::copy_on_write, mode::rollback}) {
        for (const char* const sql : {"CREATE TABLE new (x)", "PRAGMA integrity_check"}) {
            auto test = isolite::session::open(engine, "a test", each);
            engine.db().exec(sql);
            CHECK(failure(*test) == "");
        }
    }
}

TEST_CASE_FIXTURE(engine_fixture, "sessions that an outer one closes keep their verdicts") {
    auto outer = open_copy_on_write("outer");
    auto inner = open("inner");
    run("COMMIT; DELETE FROM t");
    const std::string early = failure(outer);
    CHECK(early.find("the session of 'inner' inside it is still open") != std::string::npos);
    CHECK(failure(inner).find("it committed changes to the database 's'") != std::string::npos);
    CHECK(failure(inner) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a timer that a test leaves running is stopped and named") {
    listening framework;
    {
        isolite::fixture test(framework, engine, mode::rollback);
        const ::itimerval soon{{0, 0}, {1000, 0}};
        ::setitimer(ITIMER_REAL, &soon, nullptr);
    }
    CHECK(framework.failure == "cannot end 'a test': it left the timer ITIMER_REAL running\n"
                               "  hint: undo in the test what it does to its process");
    ::itimerval left{};
    ::getitimer(ITIMER_REAL, &left);
    CHECK(left.it_value.tv_sec == 0);
}

TEST_CASE_FIXTURE(engine_fixture, "a timer that was running before the test goes on") {
    const ::itimerval soon{{0, 0}, {1000, 0}};
    ::setitimer(ITIMER_REAL, &soon, nullptr);
    listening framework;
    { isolite::fixture test(framework, engine, mode::rollback); }
    CHECK(framework.failure == "");
    const ::itimerval none{};
    ::itimerval left{};
    ::setitimer(ITIMER_REAL, &none, &left);
    CHECK(left.it_value.tv_sec > 0);
}

TEST_CASE("the counters of a connection read as at the first test") {
    isolite::engine engine = opened(engine_fixture::seed_of_one_row());
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        for (const char* body : {"DELETE FROM t", "INSERT INTO t (v) VALUES (1), (2)", unusual}) {
            auto test = isolite::session::open(engine, body, each);
            CHECK(engine.db().execAndGet("SELECT changes()").getInt() == 0);
            CHECK(engine.db().execAndGet("SELECT last_insert_rowid()").getInt() == 0);
            engine.db().exec(body);
            CHECK(failure(*test) == "");
        }
    }
}

TEST_CASE_FIXTURE(engine_fixture, "work between two tests is undone and nobody's test fails") {
    // In a child, since the process fails for it.
    CHECK(in_child([this] {
              std::string seen;
              for (const mode each : {mode::rollback, mode::copy_on_write}) {
                  auto first = open("first", each);
                  seen += failure(first);
                  run("INSERT INTO t (v) VALUES ('between')");
                  auto next = open("next", each);
                  seen += std::to_string(rows()) + failure(next);
              }
              return seen;
          }) == "11");
}

namespace {

void set_triggers(sqlite3* connection, int value) {
    sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, value, nullptr);
}

int triggers(sqlite3* connection) {
    int value = -1;
    sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, -1, &value);
    return value;
}

} // namespace

TEST_CASE_FIXTURE(engine_fixture, "a flag that is set without a statement is told of who set it") {
    SUBCASE("between two tests: nobody's") {
        CHECK(in_child([this] {
                  std::string seen;
                  for (const mode each : {mode::rollback, mode::copy_on_write}) {
                      auto first = open("first", each);
                      seen += failure(first);
                      set_triggers(engine.db().getHandle(), 0);
                      auto next = open("next", each);
                      seen += std::to_string(triggers(engine.db().getHandle())) + failure(next);
                  }
                  return seen;
              }) == "11");
    }
    SUBCASE("before all tests: what each of them finds") {
        set_triggers(engine.db().getHandle(), 0);
        for (const mode each : {mode::rollback, mode::copy_on_write}) {
            auto test = open("test", each);
            run("CREATE TABLE new (x)"); // which costs the connection
            CHECK(failure(test).find("TRIGGER") == std::string::npos);
            CHECK(triggers(engine.db().getHandle()) == 0);
        }
    }
    SUBCASE("around a session: that of the test around it") {
        auto outer = open("outer", mode::copy_on_write);
        set_triggers(engine.db().getHandle(), 0);
        auto inner = open("inner", mode::copy_on_write);
        run("CREATE TEMP TABLE left (x)");
        const std::string told = failure(inner);
        CHECK(told.find("left the temporary table 'left' behind") != std::string::npos);
        CHECK(told.find("TRIGGER") == std::string::npos);
        CHECK(failure(outer).find("it changed SQLITE_DBCONFIG_ENABLE_TRIGGER from 1 to 0") !=
              std::string::npos);
    }
}

TEST_CASE_FIXTURE(engine_fixture, "a flag is told of also beside a PRAGMA that was put back") {
    int before = 0;
    sqlite3_db_config(engine.handle(), SQLITE_DBCONFIG_DQS_DML, -1, &before);
    for (const char* name :
         {"first", "second", "third"}) { // what is usual is learned from the first
        auto test = open_copy_on_write(name);
        run("PRAGMA recursive_triggers = ON; PRAGMA recursive_triggers = OFF");
        int now = 0;
        sqlite3_db_config(engine.handle(), SQLITE_DBCONFIG_DQS_DML, -1, &now);
        CHECK(now == before);
        sqlite3_db_config(engine.handle(), SQLITE_DBCONFIG_DQS_DML, 1 - before, nullptr);
        CHECK(failure(test).find("changed SQLITE_DBCONFIG_DQS_DML") != std::string::npos);
    }
}

TEST_CASE_FIXTURE(engine_fixture, "the default VFS is the one that a test found") {
    sqlite3_vfs* const before = sqlite3_vfs_find(nullptr);
    auto test = open();
    sqlite3_vfs_register(sqlite3_vfs_find("unix-none"), 1);
    CHECK(failure(test).find("made 'unix-none' the default VFS of SQLite") != std::string::npos);
    CHECK(sqlite3_vfs_find(nullptr) == before);
}

TEST_CASE_FIXTURE(engine_fixture, "the directory of temporary files is the one that a test found") {
    sqlite3_temp_directory = sqlite3_mprintf("/tmp");
    auto test = open();
    SQLite::Database(":memory:").exec("PRAGMA temp_store_directory = '/dev'"); // as long a name
    CHECK(failure(test).find("it changed PRAGMA temp_store_directory") != std::string::npos);
    CHECK(std::string(sqlite3_temp_directory ? sqlite3_temp_directory : "") == "/tmp");
    sqlite3_free(std::exchange(sqlite3_temp_directory, nullptr));
}

namespace {

isolite::seed seed_with_virtual_tables() {
    return engine_fixture::seed_of_one_row().sql(
        "CREATE VIRTUAL TABLE boxes USING rtree(id, low, high);"
        "INSERT INTO boxes VALUES (1, 0, 1);"
        "CREATE VIRTUAL TABLE texts USING fts5(body); INSERT INTO texts VALUES ('hello')");
}

int refuse_reading(void* /*nothing*/, int action, const char* /*table*/, const char* /*column*/,
                   const char* /*schema*/, const char* /*trigger*/) {
    return action == SQLITE_READ ? SQLITE_DENY : SQLITE_OK;
}

} // namespace

TEST_CASE("virtual tables are connected for the first test as for the next ones") {
    engine_fixture at(seed_with_virtual_tables());
    std::string first;
    for (const char* name :
         {"first", "second", "after a use", "after another changed the schema"}) {
        if (std::string(name) == "after another changed the schema") {
            auto other = at.open("other", mode::copy_on_write);
            at.engine.connect()->exec("CREATE TABLE more (x)");
            CHECK(failure(other) == "");
        }
        auto test = at.open(name, mode::copy_on_write);
        if (std::string(name) == "after a use") {
            at.run("SELECT * FROM boxes; SELECT * FROM texts");
        }
        sqlite3_set_authorizer(at.engine.db().getHandle(), refuse_reading, nullptr);
        CHECK_THROWS_WITH(at.run("SELECT 1 FROM texts WHERE body = 'x'"),
                          "access to texts.body is prohibited");
        CHECK(failure(test).find("it replaced the connection's authorizer\n") != std::string::npos);
    }
}

TEST_CASE_FIXTURE(engine_fixture, "an authorizer that allows a ROLLBACK and no query is noticed") {
    auto test = open();
    const auto refuse_queries = [](void*, int action, const char*, const char*, const char*,
                                   const char*) {
        return action == SQLITE_SELECT ? SQLITE_DENY : SQLITE_OK;
    };
    sqlite3_set_authorizer(engine.db().getHandle(), refuse_queries, nullptr);
    CHECK(failure(test).find("it replaced the connection's authorizer\n") != std::string::npos);
    auto next = open("the next");
    CHECK(rows() == 1);
    CHECK(failure(next) == "");
}

TEST_CASE("who sets up a full-text index costs the connection, and who fills a table does not") {
    engine_fixture at(seed_with_virtual_tables().sql("CREATE VIRTUAL TABLE old USING fts4(body);"
                                                     "CREATE TABLE app_config (key, value);"
                                                     "CREATE TABLE app_stat (key, value)"));
    const auto is_replaced_by = [&at](const char* sql) {
        sqlite3* const before = at.engine.db().getHandle();
        auto test = at.open("test", mode::copy_on_write);
        at.run(sql);
        CHECK(failure(test) == "");
        return at.engine.db().getHandle() != before;
    };
    CHECK_FALSE(is_replaced_by("INSERT INTO app_config VALUES (1, 2)"));
    CHECK_FALSE(is_replaced_by("INSERT INTO app_stat VALUES (1, 2)"));
    CHECK_FALSE(is_replaced_by("INSERT INTO texts VALUES ('more')"));
    CHECK(is_replaced_by("INSERT INTO texts (texts, rank) VALUES ('pgsz', 64)"));
    CHECK(is_replaced_by("INSERT INTO old (old) VALUES ('automerge=8')"));
}

TEST_CASE("an interrupt that a virtual table keeps is named") {
    engine_fixture at(seed_with_virtual_tables());
    auto harmless = at.open("harmless");
    sqlite3_interrupt(at.engine.db().getHandle());
    CHECK(failure(harmless) == "");
    auto lasting = at.open("lasting");
    at.run("INSERT INTO boxes VALUES (2, 0, 1)");
    sqlite3_interrupt(at.engine.db().getHandle());
    CHECK_THROWS_WITH(at.run("SELECT 1"), "interrupted");
    CHECK(
        failure(lasting) ==
        "cannot end 'lasting' with a clean database: it interrupted its connection for good, since "
        "a BLOB handle or a virtual table is in use\n"
        "  hint: undo in the test what it did to its connection, for instance in a destructor");
    auto next = at.open("next");
    CHECK(at.value("SELECT count(*) FROM boxes") == "1");
    CHECK(failure(next) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a kept statement that failed is as new") {
    SQLite::Statement& insertion = engine.statement("INSERT INTO t VALUES (?, 'x')");
    auto test = open();
    insertion.bind(1, 1);
    CHECK_THROWS_WITH(insertion.exec(), "UNIQUE constraint failed: t.id");
    engine.statement("INSERT INTO t VALUES (?, 'x')").bind(1, 2);
    CHECK(insertion.exec() == 1);
    CHECK(failure(test) == "");
}

TEST_CASE_FIXTURE(engine_fixture, "a kept SELECT * sees columns that another connection adds") {
    CHECK(engine.statement("SELECT * FROM t").getColumnCount() == 2);
    auto test = open("a test", mode::copy_on_write);
    auto other = engine.connect();
    REQUIRE(other);
    other->exec("ALTER TABLE t ADD COLUMN more DEFAULT 'new'");
    run("SELECT 1 FROM t"); // at which SQLite reads the schema
    SQLite::Statement& all = engine.statement("SELECT * FROM t");
    CHECK(all.getColumnCount() == 3);
    CHECK(failure(test) == "");
    CHECK(engine.statement("SELECT * FROM t").getColumnCount() == 2);
}

TEST_CASE("free pages that SQLite does not put back are no leak") {
    engine_fixture at(engine_fixture::seed_of_one_row().sql(
        "CREATE TABLE junk (b);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
        "INSERT INTO junk SELECT zeroblob(3500) FROM n; DROP TABLE junk"));
    for (const char* name : {"first", "second"}) {
        auto test = at.open(name);
        at.run("PRAGMA cache_size = 20");
        at.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
               "INSERT INTO t (v) SELECT randomblob(3500) FROM n");
        at.run("PRAGMA cache_size = -2000");
        CHECK(failure(test) == "");
        CHECK(at.rows() == 1);
    }
}
