#include "claimed_place.hpp"

#include "store/directory.hpp"

using namespace isolite::paths;
using namespace isolite::paths::tests;

namespace {

claimed_databases& files() {
    return claimed_databases::of_process();
}

/// A test, from its beginning to its end.
class scope {
  public:
    explicit scope(const std::string& test) {
        const auto entered = files().enter(test);
        REQUIRE(entered);
        number_ = *entered;
    }
    ~scope() { static_cast<void>(end()); }
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;

    claimed_databases::departure end() { return files().leave(std::exchange(number_, 0)); }

  private:
    std::uint64_t number_ = 0;
};

std::string count(connection& database) {
    const auto found = database.run("SELECT count(*) FROM t");
    return found.code == SQLITE_OK ? found.rows.front() : found.message;
}

std::string count(const std::string& name) {
    connection database = by_path(name);
    return count(database);
}

void add_row(const std::string& name) {
    connection database = by_path(name);
    REQUIRE(database.run("CREATE TABLE IF NOT EXISTS t (a); INSERT INTO t VALUES (1)").code ==
            SQLITE_OK);
}

bool is_there(const std::string& name) {
    return code_of_opening(name, SQLITE_OPEN_READONLY) == SQLITE_OK;
}

} // namespace

TEST_SUITE("files in scopes") {
    // [promise: claimed files] What a test does to a file that is claimed by its path is gone
    // after it.
    TEST_CASE("a file that a test makes goes with it") {
        const claimed_place here;
        {
            const scope test("first");
            add_row("shop.db");
            CHECK(is_there("shop.db"));
        }
        CHECK_FALSE(is_there("shop.db"));
        const scope test("second");
        CHECK_FALSE(is_there("shop.db"));
    }

    // [control: claimed files]
    TEST_CASE("control: without scopes it stays") {
        const claimed_place here;
        add_row("control.db");
        CHECK(count("control.db") == "1");
    }

    // [promise: claimed files]
    TEST_CASE("what was there before a test is there after it, as it was") {
        const claimed_place here;
        add_row("shop.db");
        for (const char* const test : {"first", "second"}) {
            scope running(test);
            CHECK(count("shop.db") == "1");
            add_row("shop.db");
            CHECK(count("shop.db") == "2");
            const auto left = running.end();
            REQUIRE(left.files.size() == 1);
            CHECK(left.files.front().name == claimed_place::path("shop.db"));
            CHECK(left.files.front().pages > 0);
            CHECK(left.files.front().unfinished.empty());
        }
        CHECK(count("shop.db") == "1");
    }

    TEST_CASE("what is done between tests stays") {
        const claimed_place here;
        add_row("shop.db");
        { const scope test("first"); }
        add_row("shop.db");
        const scope test("second");
        CHECK(count("shop.db") == "2");
    }

    TEST_CASE("a suite keeps data for its tests, and takes it away with it") {
        const claimed_place here;
        add_row("before.db");
        {
            const scope suite("suite");
            add_row("before.db");
            add_row("suite.db");
            for (const char* const test : {"first", "second"}) {
                const scope running(test);
                CHECK(count("before.db") == "2");
                CHECK(count("suite.db") == "1");
                CHECK_FALSE(is_there("test.db"));
                add_row("before.db");
                add_row("suite.db");
                add_row("test.db");
            }
            CHECK(count("before.db") == "2");
            CHECK(count("suite.db") == "1");
            add_row("suite.db");
            CHECK(count("suite.db") == "2");
        }
        CHECK(count("before.db") == "1");
        CHECK_FALSE(is_there("suite.db"));
    }

    TEST_CASE("a scope of the same test is no other one") {
        const claimed_place here;
        const scope test("test");
        CHECK(*files().enter("test") == 0);
        add_row("shop.db");
        static_cast<void>(files().leave(0));
        CHECK(count("shop.db") == "1");
    }

    TEST_CASE("a scope that ends takes those inside of it along") {
        const claimed_place here;
        add_row("shop.db");
        scope outer("outer");
        scope inner("inner");
        add_row("shop.db");
        add_row("made.db");
        static_cast<void>(outer.end());
        CHECK(count("shop.db") == "1");
        CHECK_FALSE(is_there("made.db"));
        CHECK(inner.end().files.empty());
    }

    TEST_CASE("WAL: log, index and mode go with the test") {
        const claimed_place here;
        add_row("shop.db");
        for (const char* const test : {"first", "second"}) {
            const scope running(test);
            connection database = by_path("shop.db");
            CHECK(database.value("PRAGMA journal_mode") == "'delete'");
            CHECK(database.value("PRAGMA journal_mode = WAL") == "'wal'");
            add_row("shop.db");
            CHECK(count(database) == "2");
        }
        CHECK(count("shop.db") == "1");
    }

    TEST_CASE(
        "a connection that was there before a test sees each test's changes, and none after") {
        const claimed_place here;
        for (const char* const mode : {"DELETE", "WAL"}) {
            CAPTURE(mode);
            connection global = by_path("shop.db");
            global.run(std::string("PRAGMA journal_mode = ") + mode);
            global.run("CREATE TABLE IF NOT EXISTS t (a); DELETE FROM t; INSERT INTO t VALUES (1)");
            for (const char* const test : {"first", "second"}) {
                const scope running(test);
                CHECK(count(global) == "1");
                CHECK(global.run("INSERT INTO t VALUES (2)").code == SQLITE_OK);
                add_row("shop.db");
                CHECK(count(global) == "3");
            }
            CHECK(count(global) == "1");
        }
    }

    // [promise: claimed files]
    TEST_CASE("a connection that a test leaves open finds the file as it was before the test") {
        const claimed_place here;
        connection left = [] {
            const scope test("first");
            connection database = by_path("shop.db");
            database.run("CREATE TABLE t (a)");
            return database;
        }();
        CHECK(count(left) == "no such table: t");
        const scope test("second");
        CHECK(left.run("CREATE TABLE t (a); INSERT INTO t VALUES (5)").code == SQLITE_OK);
        CHECK(count("shop.db") == "1"); // the same file for all
    }

    TEST_CASE("a test that leaves a connection in WAL mode loses it") {
        const claimed_place here;
        scope test("first");
        connection left = by_path("shop.db");
        left.run("PRAGMA journal_mode = WAL; CREATE TABLE t (a)");
        const auto found = test.end();
        REQUIRE(found.files.size() == 1);
        CHECK(found.files.front().cut_off);
        CHECK(left.run("SELECT * FROM t").code != SQLITE_OK);
        add_row("shop.db");
        CHECK(count("shop.db") == "1");
    }

    TEST_CASE("what is left in the middle of something is named, and undone") {
        const claimed_place here;
        add_row("shop.db");
        connection database = by_path("shop.db");
        scope writing("writing");
        database.run("BEGIN; INSERT INTO t VALUES (2)");
        auto left = writing.end();
        REQUIRE(left.files.size() == 1);
        CHECK(left.files.front().unfinished.size() == 1);
        database.run("ROLLBACK");
        CHECK(count("shop.db") == "1");

        scope reading("reading");
        isolite::store::tests::cursor rows(database.handle(), "SELECT a FROM t");
        rows.step(1);
        left = reading.end();
        REQUIRE(left.files.size() == 1);
        REQUIRE(left.files.front().unfinished.size() == 1);
        CHECK(left.files.front().unfinished.front().sql == "SELECT a FROM t");
    }

    TEST_CASE("what a test left in the middle of something is told of no scope around it") {
        const claimed_place here;
        add_row("shop.db");
        connection database = by_path("shop.db");
        scope suite("suite");
        scope test("test");
        database.run("BEGIN; INSERT INTO t VALUES (2)");
        CHECK(test.end().files.size() == 1);
        scope next("next");
        CHECK(next.end().files.empty());
        CHECK(suite.end().files.empty());

        database.run("ROLLBACK");
        scope other("other");
        database.run("BEGIN; INSERT INTO t VALUES (2)"); // which is another one
        CHECK(other.end().files.size() == 1);
    }

    TEST_CASE("what a suite began is told of the suite, also if a test broke it off") {
        const claimed_place here;
        add_row("shop.db");
        connection database = by_path("shop.db");
        database.run("PRAGMA journal_mode = WAL"); // whose readers keep nobody from writing
        scope suite("suite");
        isolite::store::tests::cursor rows(database.handle(), "SELECT a FROM t");
        rows.step(1);
        scope test("test");
        add_row("shop.db");
        const auto of_test = test.end();
        REQUIRE(of_test.files.size() == 1);
        CHECK(of_test.files.front().unfinished.empty());
        const auto left = suite.end();
        REQUIRE(left.files.size() == 1);
        CHECK(left.files.front().unfinished.size() == 1);
    }

    TEST_CASE("no test begins while somebody writes a transaction") {
        const claimed_place here;
        add_row("shop.db");
        connection database = by_path("shop.db");
        database.run(
            "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN;"
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
            "INSERT INTO t SELECT zeroblob(100) FROM n");
        const auto refused = files().enter("test");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().text() ==
              "cannot begin 'test': a connection has '" + claimed_place::path("shop.db") +
                  "' locked for writing\n  hint: end its transaction, or join its thread, before "
                  "the test begins; with PRAGMA locking_mode = EXCLUSIVE open it in the test");
        database.run("ROLLBACK; BEGIN; INSERT INTO t VALUES (2)"); // in the cache only
        CHECK_FALSE(files().enter("test"));
        database.run("COMMIT; PRAGMA journal_mode = WAL; BEGIN IMMEDIATE");
        CHECK_FALSE(files().enter("test"));
        database.run("COMMIT; PRAGMA journal_mode = DELETE");
        {
            const scope test("test");
            CHECK(count("shop.db") == "2");
        }
        database.run("PRAGMA locking_mode = EXCLUSIVE; INSERT INTO t VALUES (3)");
        CHECK_FALSE(files().enter("test"));
    }

    TEST_CASE("a test that cannot begin leaves the files of its suite as they are") {
        const claimed_place here;
        add_row("before.db");
        add_row("locked.db");
        {
            const scope suite("suite");
            add_row("before.db");
            connection writer = by_path("locked.db");
            writer.run("BEGIN IMMEDIATE");
            CHECK_FALSE(files().enter("test"));
            writer.run("ROLLBACK");
            CHECK(count("before.db") == "2");
        }
        CHECK(count("before.db") == "1");
    }

    TEST_CASE("a file that a test deletes by SQLite's VFS is there for the next one") {
        const claimed_place here;
        add_row("shop.db");
        {
            const scope test("first");
            sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
            CHECK(vfs->xDelete(vfs, claimed_place::path("shop.db").c_str(), 0) == SQLITE_OK);
            CHECK_FALSE(is_there("shop.db"));
            add_row("shop.db");
            add_row("shop.db");
            CHECK(count("shop.db") == "2");
        }
        CHECK(count("shop.db") == "1");
    }

    TEST_CASE("the system's own remove finds no file, and leaves the database as it is") {
        const claimed_place here;
        add_row("shop.db");
        CHECK(std::remove("shop.db") != 0);
        CHECK(count("shop.db") == "1");
    }

    TEST_CASE("a file that was opened on the disk before it was claimed is named") {
        const claimed_place here("*.sqlite");
        connection early = by_path("early.db");
        connection closed = by_path("closed.db");
        early.run("CREATE TABLE t (a)");
        closed.run("CREATE TABLE t (a)");
        closed = by_path(":memory:");
        const std::string told = said([] {
            const auto claim = claims::of_process().add("*.db", {});
            files().warn_of_early_files();
            files().warn_of_early_files();
            claims::of_process().release(claim);
        });
        CHECK(told ==
              "isolite: warning: cannot keep '" + claimed_place::path("early.db") +
                  "' for tests: it was opened on the disk before it was claimed\n"
                  "  hint: claim it before it is opened: by isolite::files in main, or above "
                  "the static object that opens it, in the same source file\n");
    }

    TEST_CASE("what a test changed so far is what evidence is made of") {
        const claimed_place here;
        add_row("shop.db");
        add_row("other.db");
        const scope test("test");
        CHECK(files().touched().empty());
        add_row("shop.db");
        const auto touched = files().touched();
        REQUIRE(touched.size() == 1);
        CHECK(touched.front().name == claimed_place::path("shop.db"));
        CHECK(touched.front().before->size() > 0);
        CHECK(touched.front().now->size() == touched.front().before->size());
    }
}
