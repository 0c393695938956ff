#include "open_engine.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace {

struct counted {
    static int seeded;
    static isolite::seed seed() {
        return isolite::seed("counted")
            .sql("CREATE TABLE t (a)")
            .step("count", [](SQLite::Database&) { ++seeded; });
    }
};
int counted::seeded = 0;

struct broken {
    static int described;
    static isolite::seed seed() {
        ++described;
        throw std::runtime_error("no seed");
    }
};
int broken::described = 0;

} // namespace

TEST_CASE("an engine has the seed's rows and enforces foreign keys") {
    isolite::engine engine = open(products());
    CHECK(engine.db().execAndGet("SELECT count(*) FROM products").getInt() == 2);
    CHECK(engine.db().execAndGet("PRAGMA foreign_keys").getInt() == 1);
}

TEST_CASE("an engine's database is called after its seed and opened by its URI") {
    isolite::engine engine = open(products());
    CHECK(engine.name() == "products");
    CHECK(engine.uri() == "file:products?vfs=isolite");
    SQLite::Database other(engine.uri(), SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
    CHECK(other.execAndGet("SELECT count(*) FROM products").getInt() == 2);
}

TEST_CASE("a path is enough for code that opens its database by one") {
    isolite::engine engine = open(products());
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open(engine.uri().c_str(), &other) == SQLITE_OK);
    CHECK(sqlite3_exec(other, "SELECT * FROM products", nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(other);
}

TEST_CASE("a name with characters that mean something in URIs is escaped") {
    isolite::engine engine = open(isolite::seed("a?b#c%d").sql("CREATE TABLE t (a)"));
    CHECK(engine.uri() == "file:a%3fb%23c%25d?vfs=isolite");
    SQLite::Database other(engine.uri(), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
    CHECK(other.tableExists("t"));
}

TEST_CASE("engines of one name are numbered and independent") {
    isolite::engine first = open(products());
    isolite::engine second = open(products());
    CHECK(second.name() == "products-2");
    second.db().exec("DELETE FROM products");
    CHECK(first.db().execAndGet("SELECT count(*) FROM products").getInt() == 2);
}

TEST_CASE("an engine leaves nothing in memory when it goes") {
    const auto before = names_in_memory();
    { isolite::engine engine = open(products()); }
    CHECK(names_in_memory() == before);
}

TEST_CASE("a failing seed leaves nothing in memory") {
    const auto before = names_in_memory();
    const auto opened = isolite::engine::open(isolite::seed("bad").sql("SELECT nonsense"));
    REQUIRE(!opened);
    CHECK(opened.error().code == isolite::errc::seed);
    CHECK(names_in_memory() == before);
}

TEST_CASE("a seed without a name is refused") {
    const auto opened = isolite::engine::open(isolite::seed(""));
    REQUIRE(!opened);
    CHECK(opened.error().text() == "cannot open an engine: its seed has no name\n"
                                   "  hint: give it one: isolite::seed(\"shop\")");
}

TEST_CASE("connection state that a seed sets is not carried over, what on_connect sets is") {
    isolite::engine engine =
        open(isolite::seed("s")
                 .sql("PRAGMA cache_size = 77; CREATE TEMP TABLE t (a)")
                 .on_connect([](SQLite::Database& db) { db.exec("PRAGMA busy_timeout = 1234"); }));
    CHECK(engine.db().execAndGet("PRAGMA cache_size").getInt() != 77);
    CHECK(engine.db().execAndGet("SELECT count(*) FROM sqlite_temp_master").getInt() == 0);
    CHECK(engine.db().execAndGet("PRAGMA busy_timeout").getInt() == 1234);
}

TEST_CASE("an on_connect step that throws is named") {
    const auto opened = isolite::engine::open(isolite::seed("s").on_connect(
        [](SQLite::Database&) { throw std::runtime_error("no function today"); }));
    REQUIRE(!opened);
    CHECK(opened.error().text() ==
          "cannot open a connection to 'file:s?vfs=isolite': no function today\n"
          "  hint: a step given to on_connect threw this exception");
    const auto refused = isolite::engine::open(
        isolite::seed("s").on_connect([](SQLite::Database& db) { db.exec("nonsense"); }));
    REQUIRE(!refused);
    CHECK(refused.error().text() ==
          "cannot open a connection to 'file:s?vfs=isolite': near \"nonsense\": syntax error\n"
          "  hint: a step given to on_connect may have failed");
}

TEST_CASE("a worker seeds once, however often its engine is asked for") {
    const auto& first = isolite::engine::of_worker<counted>();
    const auto& second = isolite::engine::of_worker<counted>();
    REQUIRE(first);
    CHECK(*first == *second);
    CHECK(counted::seeded == 1);
}

TEST_CASE("a worker whose seed fails gets the same error every time, without trying again") {
    for (int i = 0; i < 2; ++i) {
        const auto& opened = isolite::engine::of_worker<broken>();
        REQUIRE(!opened);
        CHECK(opened.error().text() ==
              "cannot describe a seed: no seed\n  hint: the function seed() "
              "of the database threw this exception");
    }
    CHECK(broken::described == 1);
}

TEST_CASE("an object is made once for the connection and kept") {
    struct repository {
        explicit repository(SQLite::Database& db) : count(db, "SELECT count(*) FROM products") {}
        SQLite::Statement count;
    };
    isolite::engine engine = open(products());
    auto& made = engine.kept<repository>();
    CHECK(&engine.kept<repository>() == &made);
    REQUIRE(made.count.executeStep());
    CHECK(made.count.getColumn(0).getInt() == 2);
}

TEST_CASE("a statement is prepared once for its text") {
    isolite::engine engine = open(products());
    auto& first = engine.statement("SELECT * FROM products WHERE id = ?");
    first.bind(1, 7);
    auto& second = engine.statement("SELECT * FROM products WHERE id = ?");
    CHECK(&first == &second);
    CHECK_FALSE(second.executeStep()); // the binding is gone
}

TEST_CASE("a statement in the middle of its rows is left alone") {
    isolite::engine engine = open(products());
    auto& outer = engine.statement("SELECT id FROM products ORDER BY id");
    REQUIRE(outer.executeStep());
    auto& inner = engine.statement("SELECT id FROM products ORDER BY id");
    CHECK(&outer != &inner);
    REQUIRE(inner.executeStep());
    REQUIRE(outer.executeStep());
    CHECK(outer.getColumn(0).getInt() == 8);
    inner.reset();
    outer.reset();
}

TEST_CASE("what is thrown and is no exception is reported too") {
    const auto opened =
        isolite::engine::open(isolite::seed("s").on_connect([](SQLite::Database&) { throw 1; }));
    REQUIRE(!opened);
    CHECK(opened.error().text() ==
          "cannot open a connection to 'file:s?vfs=isolite'\n"
          "  hint: a step given to on_connect threw something that is no exception");
    struct throws_a_number {
        static isolite::seed seed() { throw 1; }
    };
    const auto& described = isolite::engine::of_worker<throws_a_number>();
    REQUIRE(!described);
    CHECK(described.error().text() ==
          "cannot describe a seed\n"
          "  hint: the function seed() of the database threw something that is no exception");
}

TEST_CASE("a transaction that on_connect leaves open is told of, whatever it has done") {
    for (const char* const begin : {"BEGIN", "SAVEPOINT s", "BEGIN; SELECT * FROM products",
                                    "BEGIN IMMEDIATE", "BEGIN; DELETE FROM products"}) {
        CAPTURE(begin);
        const auto opened = isolite::engine::open(
            products().on_connect([begin](SQLite::Database& db) { db.exec(begin); }));
        REQUIRE(!opened);
        CHECK(opened.error().text() ==
              "cannot open a connection to 'file:products?vfs=isolite': on_connect left a "
              "transaction open\n  hint: end transactions in on_connect");
    }
}

TEST_CASE("a seed whose name SQLite takes for something else is refused in words") {
    const auto engine = isolite::engine::open(isolite::seed(":memory:").sql("CREATE TABLE t (a)"));
    REQUIRE(!engine);
    CHECK(engine.error().message.find("open an engine: its seed cannot be called ':memory:': ") ==
          0);
    CHECK(engine.error().hint == "call it as the database it describes: isolite::seed(\"shop\")");
}
