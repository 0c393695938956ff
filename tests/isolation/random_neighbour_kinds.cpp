#include "random_kind.hpp"

#include <isolite/session.hpp>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

// Further connections and threads, other engines, and what the process has as a whole.

namespace {

constexpr unsigned further = trait::further;

/// Runs SQL on a connection that stays open.
kind left(std::string name, verdict in_rollback, verdict in_copy_on_write, std::string text) {
    return {std::move(name), in_rollback, in_copy_on_write, further | trait::leaves,
            [text, even_so = in_copy_on_write == E](act& a) {
                a.run(text);
                a.done = a.w.leave_connection(a.w.test(), a.connection, even_so) && a.done;
            }};
}

/// Runs SQL on a connection of an earlier test.
kind old(std::string name, std::string text) {
    return {std::move(name), E, E, trait::lasting | trait::own, [text](act& a) {
                if (const auto earlier = a.w.old_connection()) {
                    a.connection = earlier;
                    a.h = earlier.get();
                    a.run(text);
                } else {
                    a.done = false;
                }
            }};
}

/// Leaves a statement after its first row on a connection that stays open.
void leave_reading(act& a, const char* sql) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(a.h, sql, -1, &statement, nullptr);
    a.check(sqlite3_step(statement), "left open");
    a.done = a.done && sqlite3_stmt_busy(statement) != 0;
    a.w.leave({statement, [held = a.connection](sqlite3_stmt* open) { sqlite3_finalize(open); }});
    a.done = a.w.leave_connection(a.w.test(), a.connection) && a.done;
}

/// Opens the database in another way, runs SQL and closes it.
void run_elsewhere(act& a, const std::string& uri, int flags, const std::string& sql) {
    sqlite3* opened = nullptr;
    a.check(sqlite3_open_v2(uri.c_str(), &opened, flags | SQLITE_OPEN_URI, nullptr), "open");
    const std::string told = answer(opened, sql);
    a.w.note(told);
    a.done = a.done && told.find("ERROR") == std::string::npos;
    sqlite3_close_v2(opened);
}

void run_in_a_thread(act& a, const std::string& sql) {
    std::string told;
    std::thread([&] { told = answer(a.h, sql); }).join();
    a.w.note(told);
    a.done = told.find("ERROR") == std::string::npos;
}

void use_second_engine(act& a) {
    static const char* const names[] = {"second", "shop-journal", "shop-wal", "audit"};
    auto opened = isolite::engine::open(
        isolite::seed(names[a.d.roll(4)]).sql("CREATE TABLE t(x); INSERT INTO t VALUES (1);"));
    if (!opened) {
        a.w.note(opened.error().text());
        return;
    }
    auto session = isolite::session::open(*opened, "second", a.w.mode());
    a.w.note(answer(opened->db().getHandle(), "INSERT INTO t VALUES (2); SELECT * FROM t"));
    a.w.note(session->close() ? "closed" : "not closed");
}

/// Says whether a statement of the test is in the middle of its rows. A session inside of it that
/// commits fails then.
bool is_reading(sqlite3* connection) {
    sqlite3_stmt* each = sqlite3_next_stmt(connection, nullptr);
    while (each && sqlite3_stmt_busy(each) == 0) {
        each = sqlite3_next_stmt(connection, each);
    }
    return each != nullptr;
}

void run_inner_sql(act& a, isolite::mode mode, const std::string& sql) {
    run_inner_session(a, mode, [&] { a.w.note(answer(a.w.own(), sql)); });
}

void fork_and_write(act& a) {
    const pid_t child = fork();
    if (child == 0) {
        sqlite3_exec(a.h, "INSERT INTO t VALUES (555, 'in the child'); COMMIT", nullptr, nullptr,
                     nullptr);
        _exit(0);
    }
    int status = 0;
    a.check(waitpid(child, &status, 0) == child ? SQLITE_OK : SQLITE_ERROR, "fork");
}

/// Another connection holds what the engine's has let go of.
void detach_and_lock(act& a) {
    a.run("DETACH audit");
    sqlite3* opened = nullptr;
    sqlite3_open_v2(a.w.engine().uri("audit").value_or("").c_str(), &opened,
                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI, nullptr);
    const std::shared_ptr<sqlite3> other(opened, [](sqlite3* h) { sqlite3_close_v2(h); });
    a.w.note(answer(opened, "BEGIN EXCLUSIVE"));
    a.done = a.w.leave_connection(a.w.test(), other) && a.done;
}

int extension(sqlite3* connection, char** /*message*/, const void* /*api*/) {
    return sqlite3_create_function(
        connection, "extended", 0, SQLITE_UTF8, nullptr,
        [](sqlite3_context* context, int, sqlite3_value**) { sqlite3_result_int(context, 1); },
        nullptr, nullptr);
}

auto* const registered = reinterpret_cast<void (*)()>(extension);

} // namespace

void run_inner_session(act& a, isolite::mode mode, const std::function<void()>& work) {
    if (is_reading(a.w.own())) {
        a.done = false;
        return;
    }
    auto inner = isolite::session::open(a.w.engine(), "inner", mode);
    if (!inner) {
        a.w.note(inner.error().text());
        a.done = false;
        return;
    }
    work();
    const auto closed = inner->close();
    a.w.note(closed ? "closed" : closed.error().text());
}

std::vector<kind> neighbour_kinds() {
    const char* const change = "UPDATE t SET v = 'neighbour #'; INSERT INTO lg VALUES ('n#')";
    return {
        sql("another commits", F, P, further, change),
        sql("another's transaction", F, P, further,
            "BEGIN IMMEDIATE; INSERT INTO lg VALUES ('n#'); COMMIT"),
        sql("another rolls back", P, P, further, "BEGIN; DELETE FROM t; ROLLBACK"),
        sql("another's schema", F, P, further, "CREATE TABLE m#(a)"),
        sql("another drops a table", F, P, further, "DROP TABLE {t|one|big}"),
        sql("another vacuums", E, P, further, "PRAGMA page_size = {512|2048}; VACUUM"),
        sql("another sets wal", E, P, further, "PRAGMA journal_mode = {WAL|DELETE}; SELECT 1"),
        sql("another sets wal and writes", E, P, further,
            "PRAGMA journal_mode = WAL; INSERT INTO lg VALUES (6)"),
        sql("another is exclusive", E, E, further,
            "PRAGMA locking_mode = EXCLUSIVE; UPDATE t SET v = 'exclusive'"),
        sql("another attaches", E, P, further,
            "ATTACH 'extra.db' AS e; CREATE TABLE IF NOT EXISTS e.x(a); DETACH e"),
        sql("another checkpoints", E, P, further | trait::unpaired,
            "PRAGMA wal_checkpoint(TRUNCATE)"), // which tells of frames, and not of content
        sql("another's temp table", P, P, further, "CREATE TEMP TABLE theirs#(a)"),
        {"another resets the database", E, E, further | trait::unpaired,
         [](act& a) {
             sqlite3_db_config(a.h, SQLITE_DBCONFIG_RESET_DATABASE, 1, nullptr);
             a.run("VACUUM");
             sqlite3_db_config(a.h, SQLITE_DBCONFIG_RESET_DATABASE, 0, nullptr);
         }},
        {"a temp trigger whose table another drops", E, E, own,
         [](act& a) {
             a.run("CREATE TEMP TRIGGER ttr AFTER INSERT ON main.t BEGIN "
                   "INSERT INTO lg VALUES ('temp trigger'); END");
             if (const auto other = a.w.connection(1)) {
                 a.w.note(answer(other.get(), "DROP TABLE t"));
             }
         }},
        left("another left idle", P, P, "SELECT count(*) FROM t"),
        left("another left after a commit", F, P, change),
        left("another left writing", F, F, "BEGIN IMMEDIATE; INSERT INTO lg VALUES ('left')"),
        left("another left exclusive", F, F, "BEGIN EXCLUSIVE"),
        left("another left in a begin", E, E, "BEGIN"),
        left("another left reading in a transaction", F, F, "BEGIN; SELECT * FROM t"),
        left("another left in locking mode exclusive", E, E,
             "PRAGMA locking_mode = EXCLUSIVE; UPDATE t SET v = 'exclusive'"),
        left("another left in wal", E, E, "PRAGMA journal_mode = WAL; SELECT * FROM t"),
        {"another left in a query", F, F, further | trait::leaves,
         [](act& a) { leave_reading(a, "SELECT id FROM big"); }},
        {"another left in a match", F, F, further | trait::leaves,
         [](act& a) { leave_reading(a, "SELECT rowid FROM ft WHERE ft MATCH 'world'"); }},
        {"a thread writes", F, P, further,
         [](act& a) { run_in_a_thread(a, "INSERT INTO lg VALUES ('by a thread')"); }},
        {"a thread reads", P, P, further,
         [](act& a) { run_in_a_thread(a, "SELECT count(*) FROM big"); }},
        {"a thread leaves a transaction", F, F, further | trait::leaves,
         [](act& a) {
             run_in_a_thread(a, "BEGIN IMMEDIATE; INSERT INTO lg VALUES ('by a thread')");
             a.done = a.w.leave_connection(a.w.test(), a.connection) && a.done;
         }},
        {"a reader by uri", P, P, own,
         [](act& a) {
             static const char* const more[] = {"&mode=ro", "&cache=private", "", "&immutable=1"};
             run_elsewhere(a, a.w.engine().uri() + more[a.d.roll(4)], SQLITE_OPEN_READONLY,
                           "SELECT count(*) FROM big");
         }},
        {"a writer without locks", E, E, own,
         [](act& a) {
             run_elsewhere(a, a.w.engine().uri() + "&nolock=1", SQLITE_OPEN_READWRITE,
                           "INSERT INTO lg VALUES ('without locks')");
         }},
        {"a writer with a shared cache", F, P, own,
         [](act& a) {
             run_elsewhere(a, a.w.engine().uri(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_SHAREDCACHE,
                           "INSERT INTO lg VALUES ('shared')");
         }},
        {"a writer to audit", F, P, own | trait::attached,
         [](act& a) {
             run_elsewhere(a, a.w.engine().uri("audit").value_or(""), SQLITE_OPEN_READWRITE,
                           "INSERT INTO entries VALUES ('elsewhere')");
         }},
        {"detach audit and lock it", E, F, own | trait::attached, detach_and_lock},
        old("an old connection writes", "INSERT INTO lg VALUES ('old')"),
        old("an old connection reads", "SELECT count(*) FROM t"),
        old("an old connection begins", "BEGIN; SELECT count(*) FROM t"),
        old("an old connection ends", "{COMMIT|ROLLBACK}"),
        old("an old connection alters", "CREATE TABLE by_an_old_one(a)"),
    };
}

std::vector<kind> process_kinds() {
    using isolite::mode;
    return {
        {"soft_heap_limit64()", E, E, own, [](act&) { sqlite3_soft_heap_limit64(800000000); }},
        {"hard_heap_limit64()", E, E, own, [](act&) { sqlite3_hard_heap_limit64(800000000); }},
        {"too little memory", E, E, own | trait::unpaired,
         [](act& a) {
             sqlite3_hard_heap_limit64(sqlite3_memory_used() + 200000);
             a.w.note(answer(a.h, "INSERT INTO lg SELECT zeroblob(900000) FROM t"));
             sqlite3_hard_heap_limit64(0);
         }},
        {"another default vfs", E, E, own,
         [](act&) { sqlite3_vfs_register(sqlite3_vfs_find("unix-none"), 1); }},
        {"temp_directory", E, E, own,
         [](act&) { sqlite3_temp_directory = sqlite3_mprintf("/tmp"); }},
        {"an extension for the test", P, P, own,
         [](act& a) {
             sqlite3_auto_extension(registered);
             run_elsewhere(a, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY,
                           "SELECT extended()");
             sqlite3_cancel_auto_extension(registered);
         }},
        {"an extension for all", E, E, own | trait::unseen,
         [](act&) { sqlite3_auto_extension(registered); }, "functions"},
        {"randomness", P, P, own,
         [](act&) {
             unsigned char bytes[16];
             sqlite3_randomness(16, bytes);
         }},
        {"memory statistics", P, P, own,
         [](act&) {
             sqlite3_memory_highwater(1);
             sqlite3_release_memory(1000000);
         }},
        {"a second engine", P, P, own | trait::slow, use_second_engine},
        {"an inner rollback session", P, P, own,
         [](act& a) { run_inner_sql(a, mode::rollback, "INSERT INTO t VALUES (777, 'inner')"); }},
        {"an inner copy_on_write session", P, P, own | trait::refused,
         [](act& a) {
             run_inner_sql(a, mode::copy_on_write, "INSERT INTO t VALUES (778, 'inner')");
         }},
        {"an inner session that leaks", E, P, own | trait::refused,
         [](act& a) {
             run_inner_sql(a, mode::copy_on_write,
                           "PRAGMA cache_size = 9; CREATE TEMP TABLE leaked(a)");
         }},
        {"a stray file", F, P, own,
         [](act& a) {
             run_elsewhere(a, "file:stray.db?vfs=isolite",
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                           "CREATE TABLE IF NOT EXISTS s(a); INSERT INTO s VALUES (1);"
                           "SELECT count(*) FROM s");
         }},
        {"a forked writer", P, P, own | trait::slow, fork_and_write},
        {"on_connect throws next time", E, E, own | trait::prepared,
         [](act&) { on_connect_throws_in = 1; }},
        {"work between sessions", E, E, own,
         [](act& a) {
             static const char* const works[] = {"INSERT INTO lg VALUES ('between')",
                                                 "CREATE TABLE between(a)",
                                                 "CREATE TEMP TABLE between(a)",
                                                 "PRAGMA cache_size = 123",
                                                 "SELECT * FROM t",
                                                 "BEGIN; INSERT INTO t VALUES (888, 'open')"};
             if (a.w.settings().suites == 0) { // else it is the suite's work
                 a.w.work_later(works[a.d.roll(6)]);
             }
         }},
    };
}
