// Engines whose database code under test opens by path.
#include "leak/cursor.hpp"
#include "open_engine.hpp"
#include "sandbox/case_files.hpp"

#include <isolite/session.hpp>

#include "../store/scratch_directory.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <memory>

using isolite::mode;
using isolite::session;
using isolite::sandbox::case_files;
using isolite::store::tests::scratch_directory;

namespace {

/// A connection as code under test opens it: by path, and with nothing of isolite's.
class application {
  public:
    explicit application(const std::string& path, int flags = SQLITE_OPEN_READWRITE) {
        sqlite3* opened = nullptr;
        const int code = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
        handle_.reset(opened);
        if (code != SQLITE_OK) {
            throw std::runtime_error("cannot open " + path);
        }
    }

    void run(const std::string& sql) {
        char* message = nullptr;
        if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, &message) != SQLITE_OK) {
            const std::string text = message;
            sqlite3_free(message);
            throw std::runtime_error(text);
        }
    }

    std::string value(const std::string& sql) {
        const auto found = isolite::leak::rows(handle_.get(), sql);
        return found.empty() ? "none" : found.front().front();
    }

    [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

  private:
    struct closer {
        void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
    };
    std::unique_ptr<sqlite3, closer> handle_;
};

std::string here(const std::string& name) {
    return (std::filesystem::current_path() / name).string();
}

isolite::seed shop(const std::string& file) {
    return isolite::seed("shop")
        .sql("CREATE TABLE orders (id INTEGER PRIMARY KEY, note); INSERT INTO orders VALUES (1, "
             "'a')")
        .file(file);
}

session begin(isolite::engine& engine, const char* test, mode mode = mode::usual) {
    auto opened = session::open(engine, test, mode);
    if (!opened) {
        FAIL(opened.error().text());
    }
    return std::move(*opened);
}

std::string failure(session& ending) {
    const auto closed = ending.close();
    return closed ? "" : closed.error().text();
}

constexpr const char* count = "SELECT count(*) FROM orders";
constexpr const char* add = "INSERT INTO orders (note) VALUES ('b')";

} // namespace

TEST_SUITE("engines by path") {
    TEST_CASE("the database of the engine is the file") {
        const scratch_directory place;
        auto engine = open(shop(here("shop.db")));
        CHECK(engine.name() == here("shop.db"));
        auto test = begin(engine, "first");
        application code("shop.db");
        code.run(add);
        CHECK(engine.value<int>(count) == 2);
        engine.execute(add);
        CHECK(code.value(count) == "3");
        CHECK(application(sqlite3_db_filename(engine.db().getHandle(), "main")).value(count) ==
              "3");
        CHECK(failure(test) == "");
        CHECK(code.value(count) == "1");
        CHECK(std::filesystem::is_empty("."));
    }

    TEST_CASE("a bare name is the file in the working directory, and so is the engine's database") {
        const scratch_directory place;
        auto engine = open(shop("shop.db"));
        CHECK(engine.name() == here("shop.db"));
        auto test = begin(engine, "first");
        application("shop.db").run(add);
        CHECK(engine.value<int>(count) == 2);
        CHECK(failure(test) == "");
        CHECK(std::filesystem::is_empty("."));
    }

    TEST_CASE("the usual mode of a seed with a file is copy_on_write") {
        const scratch_directory place;
        auto engine = open(shop(here("shop.db")));
        for (const char* const name : {"first", "second"}) {
            auto test = begin(engine, name);
            application code("shop.db");
            CHECK(code.value(count) == "1");
            code.run("BEGIN IMMEDIATE; " + std::string(add) + "; COMMIT");
            CHECK(failure(test) == "");
        }
        auto strict = begin(engine, "third", mode::rollback);
        application("shop.db").run(add);
        CHECK(failure(strict).find("it committed changes to the database '" + here("shop.db") +
                                   "' with \"" + add + "\" on another connection") !=
              std::string::npos);
    }

    // [control: seeded files]
    TEST_CASE("control: without a session the change stays") {
        const scratch_directory place;
        auto engine = open(shop(here("shop.db")));
        application("shop.db").run(add);
        CHECK(application("shop.db").value(count) == "2");
    }

    TEST_CASE("what set-up writes by path is there for all tests") {
        const scratch_directory place;
        auto engine = open(shop(here("shop.db")));
        application("shop.db").run(add);
        for (const char* const name : {"first", "second"}) {
            auto test = begin(engine, name);
            application code("shop.db");
            CHECK(code.value(count) == "2");
            code.run(add);
            CHECK(failure(test) == "");
        }
    }

    TEST_CASE("a suite keeps what was written by path for the tests in it") {
        const scratch_directory place;
        auto engine = open(shop(here("shop.db")));
        auto suite = begin(engine, "suite", mode::copy_on_write);
        application("shop.db").run(add);
        for (const char* const name : {"first", "second"}) {
            auto test = begin(engine, name);
            application code("shop.db");
            CHECK(code.value(count) == "2");
            code.run(add);
            CHECK(failure(test) == "");
        }
        CHECK(failure(suite) == "");
        CHECK(application("shop.db").value(count) == "1");
    }

    TEST_CASE("a transaction that a test leaves open on a path is told") {
        const scratch_directory place;
        auto engine = open(shop(here("shop.db")));
        application code("shop.db");
        auto test = begin(engine, "first");
        code.run("BEGIN; " + std::string(add));
        CHECK(failure(test) ==
              "cannot end 'first' with a clean database: it left a connection to '" +
                  here("shop.db") +
                  "' in the middle of a transaction\n"
                  "  hint: end the test's transactions and queries, and close what it opens, "
                  "before the test ends");
        auto next = begin(engine, "second");
        CHECK(application("shop.db").value(count) == "1");
        CHECK(failure(next) == "");
    }

    TEST_CASE("a pattern gives each file a database of its own, and db() another") {
        const scratch_directory place;
        auto engine = open(shop("*/pib.db"));
        CHECK(engine.name() == "shop");
        std::filesystem::create_directories("one");
        auto test = begin(engine, "first");
        application one("one/pib.db");
        one.run(add);
        CHECK(application("two/pib.db").value(count) == "1");
        CHECK(application(here("one/pib.db")).value(count) == "2");
        CHECK(engine.value<int>(count) == 1);
        CHECK(failure(test) == "");
        auto next = begin(engine, "second");
        CHECK(application("one/pib.db").value(count) == "1");
        CHECK(std::filesystem::is_empty("one"));
    }

    TEST_CASE("what a test leaves in the middle of something in such a file is told by its name") {
        const scratch_directory place;
        auto engine = open(shop("*/pib.db"));
        auto test = begin(engine, "first");
        application code("one/pib.db");
        code.run("BEGIN; " + std::string(add));
        CHECK(failure(test) ==
              "cannot end 'first' with a clean database: it left a connection to '" +
                  here("one/pib.db") +
                  "' in the middle of a transaction\n"
                  "  hint: end the test's transactions and queries, and close what it opens, "
                  "before the test ends");
    }

    TEST_CASE("what an earlier test left open is told by its name and by that of the test") {
        for (const std::string file : {"shop.db", "other/pib.db"}) {
            const scratch_directory place;
            auto engine = open(shop(here("shop.db")));
            auto others = open(shop("*/pib.db"));
            auto first = begin(engine, "first");
            auto first_of_others = begin(others, "first");
            application left(file);
            CHECK(left.value(count) == "1");
            CHECK(failure(first_of_others) == "");
            CHECK(failure(first) == "");
            auto second = begin(engine, "second");
            auto second_of_others = begin(others, "second");
            left.run("BEGIN; " + std::string(add));
            CHECK(failure(second_of_others) + failure(second) ==
                  "cannot end 'second' with a clean database: it left a connection to '" +
                      here(file) +
                      "' that 'first' left open in the middle of a transaction\n"
                      "  hint: end the test's transactions and queries, and close what it opens, "
                      "before the test ends");
        }
    }

    TEST_CASE("an attached database can be a file, too") {
        const scratch_directory place;
        auto engine = open(isolite::seed("main")
                               .sql("CREATE TABLE t (a)")
                               .attach("orders", shop(here("orders.db"))));
        auto test = begin(engine, "first");
        application("orders.db").run(add);
        CHECK(engine.value<int>("SELECT count(*) FROM orders.orders") == 2);
        CHECK(failure(test) == "");
        CHECK(application("orders.db").value(count) == "1");
    }

    TEST_CASE("the file belongs to nobody when the engine has ended") {
        const scratch_directory place;
        { auto engine = open(shop(here("shop.db"))); }
        CHECK_THROWS(application("shop.db"));
        auto again = open(shop(here("shop.db")));
        CHECK(application("shop.db").value(count) == "1");
    }

    TEST_CASE("a seed cannot claim what can be no file, nor one that is attached to it") {
        const std::string told =
            "cannot claim files by './': it is a directory\n"
            "  hint: write what the names of the files are like, e.g. *.db or data/*.db";
        const auto opened = isolite::engine::open(shop("./"));
        REQUIRE_FALSE(opened);
        CHECK(opened.error().text() == told);
        const auto attached = isolite::engine::open(isolite::seed("main").attach("a", shop("./")));
        REQUIRE_FALSE(attached);
        CHECK(attached.error().text() == told);
    }

    TEST_CASE("two engines cannot have one file") {
        const scratch_directory place;
        auto engine = open(shop(here("shop.db")));
        const auto second = isolite::engine::open(shop(here("shop.db")));
        REQUIRE_FALSE(second);
        CHECK(
            second.error().text() ==
            "cannot open an engine for 'shop': there is a database '" + here("shop.db") +
                "' already\n  hint: let one seed claim the file, before code under test opens it");
    }
}

TEST_SUITE("steps by path") {
    TEST_CASE("an application's own start-up makes the database") {
        const scratch_directory place;
        for (const std::string& file : {here("shop.db"), std::string("*/pib.db")}) {
            std::string seen;
            isolite::seed seed("shop");
            seed.file(file).path_step("start", [&seen](const std::string& path) {
                application code(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
                code.run("PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (7)");
                seen = path;
            });
            auto engine = open(seed);
            CHECK(engine.value<int>("SELECT a FROM t") == 7);
            CHECK(engine.value<std::string>("PRAGMA journal_mode") == "wal");
            const std::filesystem::path given(seen);
            CHECK(given.is_absolute());
            CHECK(given.filename() == (file == "*/pib.db" ? "pib.db" : "shop.db"));
            if (file == "*/pib.db") {
                CHECK_FALSE(std::filesystem::exists(given.parent_path()));
            }
            auto test = begin(engine, "first");
            CHECK(application(file == "*/pib.db" ? "pib.db" : file).value("SELECT a FROM t") ==
                  "7");
        }
        CHECK(std::filesystem::is_empty("."));
    }

    TEST_CASE("code with a fixed path finds it in the step") {
        const scratch_directory place;
        isolite::seed seed("shop");
        seed.file(here("shop.db")).path_step("start", [](const std::string&) {
            application("shop.db").run("CREATE TABLE t (a)");
        });
        auto engine = open(seed);
        CHECK(engine.value<int>("SELECT count(*) FROM t") == 0);
    }

    TEST_CASE("without a claim the path is one of a directory that is gone afterwards") {
        std::string seen;
        isolite::seed seed("shop");
        seed.sql("CREATE TABLE t (a)").path_step("start", [&seen](const std::string& path) {
            seen = path;
            CHECK(std::filesystem::is_directory(std::filesystem::path(path).parent_path()));
            application(path).run("INSERT INTO t VALUES (1)");
        });
        auto engine = open(seed);
        CHECK(engine.value<int>("SELECT count(*) FROM t") == 1);
        CHECK_FALSE(std::filesystem::exists(std::filesystem::path(seen).parent_path()));
    }

    TEST_CASE("what a step leaves open is told, and so is what it throws") {
        const scratch_directory place;
        std::unique_ptr<application> left;
        isolite::seed leaving("shop");
        leaving.file(here("shop.db")).path_step("start", [&left](const std::string& path) {
            left = std::make_unique<application>(path);
            left->run("CREATE TABLE t (a)");
        });
        const auto opened = isolite::engine::open(leaving);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().text() ==
              "cannot apply the seed 'shop': step 'start' left a connection to '" +
                  here("shop.db") +
                  "' open\n  hint: let the step close what it opens: tests get other databases");
        isolite::seed throwing("shop");
        throwing.path_step("start",
                           [](const std::string&) { throw std::runtime_error("no disk"); });
        const auto thrown = isolite::engine::open(throwing);
        REQUIRE_FALSE(thrown);
        CHECK(thrown.error().text() ==
              "cannot apply the seed 'shop': step 'start' failed: no disk\n"
              "  hint: the step threw this exception");
    }
}

TEST_SUITE("cases by path") {
    // [promise: seeded files] A case finds the file that its seed claims as the seed made it, with
    // a fixture of isolite's or without one.
    TEST_CASE("what a case does before its session, after it or without one goes with the case") {
        const scratch_directory place;
        auto engine = open(shop(here("shop.db")));
        application("shop.db").run(add); // set-up
        for (const char* const name : {"first", "second", "third"}) {
            CAPTURE(name);
            case_files running;
            running.begin(name);
            application code("shop.db");
            CHECK(code.value(count) == "2");
            code.run(add);
            if (std::string(name) != "third") {
                auto test = begin(engine, name);
                CHECK(code.value(count) == "3"); // what a base of its fixture did is its own
                code.run(add);
                CHECK(failure(test) == "");
                CHECK(code.value(count) == "2");
                code.run(add);
            }
            CHECK(running.end().empty());
        }
        CHECK(application("shop.db").value(count) == "2");
    }

    TEST_CASE("each case without a session has a real file of its own") {
        const scratch_directory place;
        auto engine = open(shop(here("shop.db")));
        for (const char* const name : {"first", "second"}) {
            CAPTURE(name);
            case_files running;
            running.begin(name);
            const auto file = engine.real_file();
            REQUIRE(file);
            application code(*file);
            CHECK(code.value(count) == "1");
            code.run(add);
            CHECK(application(*engine.real_file()).value(count) == "2");
            CHECK(running.end().empty());
        }
    }

    TEST_CASE("a case without a session in a suite with one") {
        const scratch_directory place;
        auto engine = open(shop(here("shop.db")));
        auto suite = begin(engine, "suite", mode::copy_on_write);
        application("shop.db").run(add);
        for (const char* const name : {"first", "second"}) {
            case_files running;
            running.begin(name);
            application code("shop.db");
            CHECK(code.value(count) == "2");
            code.run(add);
            CHECK(running.end().empty());
        }
        CHECK(application("shop.db").value(count) == "2");
        CHECK(failure(suite) == "");
    }

    TEST_CASE("a connection of an earlier case that commits disturbs the test alone") {
        const scratch_directory place;
        auto engine = open(shop(here("shop.db")));
        auto suite = begin(engine, "suite", mode::copy_on_write);
        case_files running;
        running.begin("first");
        auto first = begin(engine, "first");
        application left("shop.db");
        CHECK(left.value(count) == "1");
        CHECK(failure(first) == "");
        CHECK(running.end().empty());
        running.begin("second");
        auto second = begin(engine, "second");
        left.run(add);
        CHECK(failure(second).find("it was disturbed by a connection that 'first' left open") !=
              std::string::npos);
        CHECK(running.end().empty());
        CHECK(failure(suite) == "");
    }

    // [promise: seeded files]
    TEST_CASE("each pass through a case begins as the case did") {
        const scratch_directory place;
        auto engine = open(shop("*.sqlite"));
        case_files running;
        running.begin("sections");
        for (int pass = 0; pass < 3; ++pass) {
            CHECK(application("one.sqlite").value(count) == "1");
            application("one.sqlite").run(add);
            running.begin_again();
        }
        CHECK(running.end().empty());
    }

    TEST_CASE("no case and no session begins while somebody writes a transaction by path") {
        const scratch_directory place;
        auto engine = open(shop(here("shop.db")));
        application code("shop.db");
        code.run("BEGIN; " + std::string(add)); // in its cache only
        case_files running;
        running.begin("first");
        const auto refused = session::open(engine, "first");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().message ==
              "open a session for 'first': another connection is in the middle of writing a "
              "transaction");
        const auto found = running.end();
        REQUIRE(found.size() == 1);
        CHECK(found.front() ==
              "cannot begin 'first': a connection has '" + here("shop.db") +
                  "' locked for writing\n  hint: end its transaction, or join its thread, before "
                  "the test begins; with PRAGMA locking_mode = EXCLUSIVE open it in the test");
        code.run("COMMIT");
        auto test = begin(engine, "second");
        CHECK(engine.value<int>(count) == 2);
        CHECK(failure(test) == "");
    }

    TEST_CASE("what it leaves in the middle of something is told once") {
        const scratch_directory place;
        auto engine = open(shop(here("shop.db")));
        application code("shop.db");
        case_files running;
        running.begin("first");
        code.run("BEGIN; " + std::string(add));
        const auto found = running.end();
        REQUIRE(found.size() == 1);
        CHECK(found.front() ==
              "cannot end 'first' with a clean database: it left a connection to '" +
                  here("shop.db") +
                  "' in the middle of a transaction\n"
                  "  hint: end the test's transactions and queries, and close what it opens, "
                  "before the test ends");
        running.begin("second");
        CHECK(running.end().empty());
        code.run("ROLLBACK");
        CHECK(code.value(count) == "1");
    }
}
