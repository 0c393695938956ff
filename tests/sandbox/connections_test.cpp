// Further connections to an engine's databases.

#include "open_engine.hpp"

#include <isolite/session.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>

namespace {

using std::chrono::milliseconds;

SQLite::Database connected(const isolite::engine& engine,
                           milliseconds busy_timeout = milliseconds(5000)) {
    auto connection = engine.connect(busy_timeout);
    if (!connection) {
        FAIL(connection.error().text());
    }
    return std::move(*connection);
}

isolite::seed ledger() {
    return isolite::seed("ledger").sql("CREATE TABLE entries (cents); INSERT INTO entries VALUES "
                                       "(100)");
}

} // namespace

TEST_CASE("a further connection sees what is committed and enforces foreign keys") {
    isolite::engine engine = open(products());
    SQLite::Database other = connected(engine);
    CHECK(other.execAndGet("SELECT count(*) FROM products").getInt() == 2);
    CHECK(other.execAndGet("PRAGMA foreign_keys").getInt() == 1);
    engine.db().exec("DELETE FROM products");
    CHECK(other.execAndGet("SELECT count(*) FROM products").getInt() == 0);
}

TEST_CASE("on_connect steps are run on every connection, in their order") {
    isolite::engine engine = open(products()
                                      .on_connect([](SQLite::Database& db) {
                                          db.exec("CREATE TEMP TABLE steps (step);"
                                                  "INSERT INTO steps VALUES (1)");
                                      })
                                      .on_connect([](SQLite::Database& db) {
                                          db.exec("INSERT INTO steps VALUES (2);"
                                                  "PRAGMA recursive_triggers = ON");
                                      }));
    SQLite::Database other = connected(engine);
    CHECK(other.execAndGet("SELECT group_concat(step) FROM steps").getString() == "1,2");
    CHECK(other.execAndGet("PRAGMA recursive_triggers").getInt() == 1);
}

TEST_CASE("the databases that a seed attaches are attached on every connection") {
    isolite::engine engine = open(products().attach("books", ledger()));
    CHECK(engine.db().execAndGet("SELECT cents FROM books.entries").getInt() == 100);
    SQLite::Database other = connected(engine);
    CHECK(other.execAndGet("SELECT cents FROM books.entries").getInt() == 100);
    other.exec("BEGIN; DELETE FROM products; DELETE FROM entries; COMMIT");
    CHECK(engine.value<int>("SELECT count(*) FROM entries") == 0);
}

TEST_CASE("on_connect steps find the attached databases") {
    isolite::engine engine = open(products().attach("books", ledger()).on_connect([](auto& db) {
        db.exec("CREATE TEMP VIEW total AS SELECT sum(cents) FROM books.entries");
    }));
    CHECK(engine.value<int>("SELECT * FROM total") == 100);
    CHECK(connected(engine).execAndGet("SELECT * FROM total").getInt() == 100);
}

TEST_CASE("the connection steps of an attached seed are not run") {
    int runs = 0;
    isolite::engine engine = open(
        products().attach("books", ledger().on_connect([&runs](SQLite::Database&) { ++runs; })));
    connected(engine);
    CHECK(runs == 0);
}

TEST_CASE("a connection waits as long as it was told to") {
    isolite::engine engine = open(products());
    CHECK(connected(engine).execAndGet("PRAGMA busy_timeout").getInt() == 5000);
    SQLite::Database other = connected(engine, milliseconds(30));
    engine.db().exec("BEGIN IMMEDIATE");
    const auto start = std::chrono::steady_clock::now();
    CHECK_THROWS_WITH(other.exec("BEGIN IMMEDIATE"), "database is locked");
    CHECK(std::chrono::steady_clock::now() - start >= milliseconds(30));
    engine.db().exec("COMMIT");
    other.exec("BEGIN IMMEDIATE; COMMIT");
}

TEST_CASE("connections may outlive their engine") {
    auto engine = std::make_unique<isolite::engine>(open(products()));
    SQLite::Database other = connected(*engine);
    engine.reset();
    CHECK(other.execAndGet("SELECT count(*) FROM products").getInt() == 2);
}

TEST_CASE("a step that throws on a further connection is named") {
    bool refuse = false;
    isolite::engine engine = open(products().on_connect([&refuse](SQLite::Database& db) {
        if (refuse) {
            db.exec("nonsense");
        }
    }));
    refuse = true;
    const auto refused = engine.connect();
    REQUIRE(!refused);
    CHECK(refused.error().code == isolite::errc::database);
    CHECK(refused.error().text() == "cannot open a connection to 'file:products?vfs=isolite': near "
                                    "\"nonsense\": syntax error\n"
                                    "  hint: a step given to on_connect may have failed");
    bool fail = false;
    isolite::engine second = open(products().on_connect([&fail](SQLite::Database&) {
        if (fail) {
            throw std::runtime_error("no function today");
        }
    }));
    fail = true;
    const auto failed = second.connect();
    REQUIRE(!failed);
    CHECK(failed.error().code == isolite::errc::seed);
    CHECK(failed.error().text() ==
          "cannot open a connection to 'file:products-2?vfs=isolite': no function today\n"
          "  hint: a step given to on_connect threw this exception");
}

TEST_CASE("each database has a URI, found by its schema") {
    isolite::engine engine = open(isolite::seed("a?b").attach("books", ledger()));
    CHECK(engine.uri("main") == engine.uri());
    CHECK(engine.uri("books") == "file:a%3fb.books?vfs=isolite");
    SQLite::Database other(*engine.uri("books"), SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
    CHECK(other.execAndGet("SELECT cents FROM entries").getInt() == 100);
}

TEST_CASE("a schema that is not attached has no URI") {
    isolite::engine engine = open(products());
    const auto uri = engine.uri("books");
    REQUIRE(!uri);
    CHECK(uri.error().code == isolite::errc::usage);
    CHECK(uri.error().text() == "cannot tell the URI of 'books': no database is attached as that\n"
                                "  hint: name what was given to seed::attach, or main");
}

TEST_CASE("a seed whose attached database cannot be made leaves nothing in memory") {
    const auto before = names_in_memory();
    const auto opened =
        isolite::engine::open(products().attach("books", isolite::seed("ledger").sql("nonsense")));
    REQUIRE(!opened);
    CHECK(opened.error().code == isolite::errc::seed);
    CHECK(opened.error().message.find("apply the seed 'ledger': SQL text 1:1: near \"nonsense\"") ==
          0);
    CHECK(names_in_memory() == before);
}

TEST_CASE("a name that an attached database cannot have is refused") {
    for (const char* name : {"main", "Temp", "", "books"}) {
        const auto opened =
            isolite::engine::open(products().attach("BOOKS", ledger()).attach(name, ledger()));
        REQUIRE(!opened);
        CHECK(opened.error().code == isolite::errc::usage);
        CHECK(opened.error().text() ==
              "cannot open an engine: its seed attaches a database as '" + std::string(name) +
                  "', which is no name or is taken\n"
                  "  hint: give each attached database a name of its own, not main or temp");
    }
}

TEST_CASE("an attached database may have any other name") {
    isolite::engine engine = open(products().attach("it's \"quoted\"", ledger()));
    CHECK(engine.value<int>("SELECT cents FROM \"it's \"\"quoted\"\"\".entries") == 100);
}

TEST_CASE("an attached database may be in WAL mode, and need not be") {
    isolite::engine engine = open(products().attach(
        "books", isolite::seed("l").sql("PRAGMA journal_mode = WAL; CREATE TABLE entries (a)")));
    CHECK(engine.db().execAndGet("PRAGMA books.journal_mode").getString() == "wal");
    CHECK(engine.db().execAndGet("PRAGMA main.journal_mode").getString() != "wal");
}
