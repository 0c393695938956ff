#include "provoke.hpp"

#include <isolite/engine.hpp>
#include <isolite/fixture.hpp>
#include <isolite/seed.hpp>

#include <functional>
#include <optional>

#include <sys/time.h>

namespace {

using isolite::engine;
using isolite::mode;
using isolite::seed;
using isolite::session;

/// Runs `body` as a test and prints what closing its session says.
void leak(engine& engine, const std::function<void()>& body, mode mode = mode::rollback) {
    auto opened = session::open(engine, "a test", mode);
    if (!opened) {
        print(opened.error().text());
        return;
    }
    body();
    print_error(opened->close());
}

void copy_nothing_over(SQLite::Database& target) {
    SQLite::Database source(":memory:");
    sqlite3_backup* const copy =
        sqlite3_backup_init(target.getHandle(), "main", source.getHandle(), "main");
    sqlite3_backup_step(copy, -1);
    sqlite3_backup_finish(copy);
}

void provoke_commits() {
    engine stock = open_engine();
    const auto sql = [&stock](const char* statements) {
        leak(stock, [&stock, statements] { stock.db().tryExec(statements); });
    };
    sql("DELETE FROM orders; COMMIT");
    sql("ROLLBACK; DELETE FROM orders");
    sql("BEGIN");
    leak(stock, [&stock] {
        stock.db().tryExec("INSERT OR ROLLBACK INTO orders VALUES (3, 7)");
        stock.db().tryExec("UPDATE orders SET product = 9 WHERE id = 1");
    });
    leak(stock, [&stock] { connect(stock).exec("INSERT INTO orders VALUES (3, 9)"); });
    std::optional<SQLite::Database> left;
    auto earlier = session::open(stock, "an earlier test");
    left.emplace(connect(stock));
    static_cast<void>(earlier->close());
    leak(stock, [&left] { left->exec("INSERT INTO orders VALUES (3, 9)"); });
    leak(stock, [&stock] {
        SQLite::Database target = connect(stock);
        copy_nothing_over(target);
    });
    leak(stock, [&left] { copy_nothing_over(*left); });
    auto outer = session::open(stock, "a suite");
    sql("COMMIT");
    static_cast<void>(outer->close());
}

void provoke_differences() {
    engine stock =
        open_engine(stock_seed()
                        .sql("CREATE TABLE tickets (id INTEGER PRIMARY KEY AUTOINCREMENT);"
                             "CREATE TABLE counts (n); CREATE INDEX i ON orders (id); ANALYZE")
                        .attach("books", seed("books").sql("CREATE TABLE entries (note)")));
    for (const char* statements :
         {"CREATE TABLE new (a); DROP INDEX i; DROP TABLE counts; CREATE VIEW v AS SELECT 1;"
          "CREATE TRIGGER r AFTER INSERT ON orders BEGIN SELECT 1; END;"
          "ALTER TABLE orders ADD COLUMN note; INSERT INTO tickets DEFAULT VALUES; ANALYZE;"
          "PRAGMA user_version = 3; COMMIT",
          "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 30)"
          "INSERT INTO orders SELECT i, i FROM n; COMMIT",
          "INSERT INTO entries VALUES (replace(hex(zeroblob(99)), '0', 'a')), (zeroblob(99));"
          "UPDATE orders SET product = 1 WHERE id = 1; COMMIT",
          "COMMIT; CREATE TABLE t (a); DROP TABLE t",
          "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'x'; COMMIT"}) {
        leak(stock, [&stock, statements] { stock.db().exec(statements); });
    }
}

/// A function that is made in the test, and so unknown to the connection that compares.
void provoke_unknown_function() {
    const auto add_function = [](SQLite::Database& db) {
        const auto same = [](sqlite3_context* result, int, sqlite3_value** values) {
            sqlite3_result_value(result, values[0]);
        };
        db.createFunction("same", 1, true, nullptr, same);
    };
    engine stock = open_engine(stock_seed()
                                   .step("function", add_function)
                                   .sql("CREATE TABLE names (name TEXT, again AS (same(name)))"));
    leak(stock, [&] {
        add_function(stock.db());
        stock.db().exec("INSERT INTO names VALUES ('a'); COMMIT");
    });
}

void provoke_connections() {
    engine stock = open_engine();
    const auto sql = [&stock](const char* statements, mode mode = mode::rollback) {
        leak(
            stock, [&stock, statements] { stock.db().tryExec(statements); }, mode);
    };
    sql("PRAGMA cache_size = 10");
    sql("CREATE TEMP TABLE scratch (x); COMMIT");
    sql("ATTACH ':memory:' AS aside");
    sql("ATTACH 'left.db' AS aside; CREATE TABLE aside.t (x); COMMIT; DETACH aside");
    sql("BEGIN; DELETE FROM orders", mode::copy_on_write);
    SQLite::Statement query(stock.db(), "SELECT id FROM orders");
    leak(stock, [&query] { query.executeStep(); });
    const auto allow = [](void*, int, const char*, const char*, const char*, const char*) {
        return SQLITE_OK;
    };
    leak(stock, [&] { sqlite3_set_authorizer(stock.db().getHandle(), allow, nullptr); });
    leak(stock, [&] {
        const auto interrupt = [](void*) { return 1; };
        sqlite3_progress_handler(stock.db().getHandle(), 1, interrupt, nullptr);
    });
    leak(stock, [&stock] {
        // A journal mode without a rollback, and a cache that is too small for what is written.
        stock.db().exec("PRAGMA journal_mode = OFF; PRAGMA cache_size = 2;"
                        "WITH RECURSIVE n(i) AS (VALUES (10) UNION ALL SELECT i + 1 FROM n "
                        "WHERE i < 100) INSERT INTO orders SELECT i, zeroblob(3000 + i) FROM n");
    });
    leak(stock, [&stock] {
        sqlite3_db_config(stock.db().getHandle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    });
    engine family = open_engine(
        seed("family")
            .sql("CREATE TABLE parent (id INTEGER PRIMARY KEY);"
                 "CREATE TABLE child (id INTEGER PRIMARY KEY, parent REFERENCES parent DEFERRABLE "
                 "INITIALLY DEFERRED);"
                 "CREATE TABLE name (name PRIMARY KEY, parent REFERENCES parent DEFERRABLE "
                 "INITIALLY DEFERRED) WITHOUT ROWID")
            .attach("books", seed("books")));
    for (const char* statements :
         {"INSERT INTO child VALUES (5, 7)", "INSERT INTO name VALUES ('a', 7)",
          "INSERT INTO child VALUES (5, 7), (6, 7), (7, 7), (8, 7)", "COMMIT; DETACH books"}) {
        leak(family, [&family, statements] { family.db().exec(statements); });
    }
}

void provoke_foreign_connections() {
    engine stock = open_engine();
    const auto leave_busy = [&stock](SQLite::Database& other) {
        SQLite::Statement query(other, "SELECT id FROM orders");
        leak(stock, [&query] { query.executeStep(); });
        query.tryReset();
        leak(stock, [&other] { other.exec("BEGIN; SELECT * FROM orders"); });
        other.tryExec("ROLLBACK");
    };
    SQLite::Database nobodys = connect(stock);
    leave_busy(nobodys);
    auto earlier = session::open(stock, "an earlier test");
    SQLite::Database left = connect(stock);
    static_cast<void>(earlier->close());
    leave_busy(left);
    SQLite::Database writer = connect(stock);
    leak(
        stock, [&writer] { writer.exec("BEGIN; SELECT * FROM orders"); }, mode::copy_on_write);
    writer.tryExec("ROLLBACK");
    leak(stock, [&stock] {
        stock.db().exec("DELETE FROM orders");
        auto other = stock.connect(std::chrono::milliseconds(0));
        other->tryExec("DELETE FROM orders");
    });
    print_error(stock.uri("books"));
}

void provoke_interrupt() {
    engine boxes = open_engine(seed("boxes").sql("CREATE VIRTUAL TABLE box USING rtree(a, b, c)"));
    leak(boxes, [&boxes] {
        boxes.db().exec("INSERT INTO box VALUES (1, 0, 1)");
        sqlite3_interrupt(boxes.db().getHandle());
    });
}

int refuse_to_open(sqlite3* /*connection*/, char** /*message*/, const void* /*api*/) {
    return SQLITE_ERROR;
}

void provoke_refusal_to_open() {
    engine stock = open_engine();
    const auto refuse = reinterpret_cast<void (*)()>(refuse_to_open);
    leak(stock, [&] {
        sqlite3_auto_extension(refuse);
        stock.db().exec("PRAGMA cache_size = 10");
    });
    sqlite3_cancel_auto_extension(refuse);
}

/// Handles of SQLite's that outlive a test. They are let go when it is over.
void provoke_handles() {
    engine stock = open_engine();
    sqlite3_blob* blob = nullptr;
    leak(stock,
         [&] { sqlite3_blob_open(stock.db().getHandle(), "main", "notes", "note", 1, 0, &blob); });
    sqlite3_blob_close(blob);
    SQLite::Database source(":memory:", SQLite::OPEN_READWRITE);
    source.exec("CREATE TABLE a (b); INSERT INTO a VALUES (zeroblob(9000))");
    sqlite3_backup* copy = nullptr;
    leak(
        stock,
        [&] {
            copy = sqlite3_backup_init(stock.db().getHandle(), "main", source.getHandle(), "main");
            sqlite3_backup_step(copy, 1);
        },
        mode::copy_on_write);
    sqlite3_backup_finish(copy);
    leak(
        stock,
        [&] {
            sqlite3_deserialize(stock.db().getHandle(), "main", nullptr, 0, 0,
                                SQLITE_DESERIALIZE_RESIZEABLE);
        },
        mode::copy_on_write);
}

/// A framework that prints what failed.
struct printing final : isolite::framework {
    [[nodiscard]] std::string current_test() const override { return "a test"; }
    [[nodiscard]] std::optional<mode> chosen_mode() const override { return std::nullopt; }
    [[nodiscard]] bool failing() const override { return false; }
    void fail(const std::string& message) noexcept override { print(message); }
    void note(const std::string& message) noexcept override { print(message); }
};

void provoke_process_settings(const std::string& directory) {
    engine stock = open_engine();
    leak(stock, [] { sqlite3_vfs_register(sqlite3_vfs_find("unix-none"), 1); });
    leak(stock, [] { sqlite3_vfs_unregister(sqlite3_vfs_find(nullptr)); });
    leak(stock, [&] {
        SQLite::Database(":memory:").exec("PRAGMA temp_store_directory = '" + directory + "'");
    });
    leak(stock, [&] { stock.db().exec("PRAGMA soft_heap_limit = 1000000000"); });
    printing framework;
    const ::itimerval later{{0, 0}, {1000, 0}};
    const ::itimerval never{};
    {
        const isolite::fixture test(framework, stock, mode::rollback);
        ::setitimer(ITIMER_REAL, &later, nullptr);
    }
    ::setitimer(ITIMER_REAL, &later, nullptr);
    {
        const isolite::fixture test(framework, stock, mode::rollback);
        ::setitimer(ITIMER_REAL, &never, nullptr);
    }
    ::setitimer(ITIMER_REAL, &never, nullptr);
}

void provoke_strictness() {
    engine stock = open_engine(stock_seed().strict_connections());
    std::optional<SQLite::Database> left;
    leak(stock, [&] { left.emplace(connect(stock)); });
}

void provoke_wal_mode() {
    engine stock = open_engine();
    std::optional<SQLite::Database> left;
    leak(
        stock,
        [&] {
            stock.db().exec("PRAGMA journal_mode = WAL");
            left.emplace(connect(stock));
            left->exec("DELETE FROM orders");
        },
        mode::copy_on_write);
}

} // namespace

void provoke_leaks(const std::string& directory) {
    provoke_commits();
    provoke_differences();
    provoke_unknown_function();
    provoke_connections();
    provoke_foreign_connections();
    provoke_interrupt();
    provoke_refusal_to_open();
    provoke_handles();
    provoke_process_settings(directory);
    provoke_strictness();
    provoke_wal_mode();
}
