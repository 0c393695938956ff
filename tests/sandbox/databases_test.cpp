// Databases that a seed attaches.

#include "engine_fixture.hpp"

namespace {

isolite::seed ledger() {
    return isolite::seed("ledger").sql("CREATE TABLE entries (id INTEGER PRIMARY KEY, cents);"
                                       "INSERT INTO entries VALUES (1, 100)");
}

struct shop_with_ledger : engine_fixture {
    shop_with_ledger()
        : engine_fixture(
              isolite::seed("shop")
                  .sql(
                      "CREATE TABLE orders (id INTEGER PRIMARY KEY); INSERT INTO orders VALUES (1)")
                  .attach("books", ledger())) {}

    std::string counts() {
        return value("SELECT (SELECT count(*) FROM orders) || '/' || "
                     "(SELECT count(*) FROM books.entries)");
    }
};

constexpr const char* how_to_copy_on_write =
    "  hint: use copy_on_write for code that commits or opens connections of its own: open the "
    "session with isolite::mode::copy_on_write";

} // namespace

TEST_CASE_FIXTURE(shop_with_ledger, "what a test writes in either database is undone") {
    for (const auto each : {isolite::mode::rollback, isolite::mode::copy_on_write}) {
        CHECK(counts() == "1/1");
        auto session = open("a test", each);
        run("INSERT INTO orders VALUES (2); DELETE FROM books.entries");
        CHECK(counts() == "2/0");
        CHECK(failure(session) == "");
        CHECK(counts() == "1/1");
    }
}

TEST_CASE_FIXTURE(shop_with_ledger, "suites and their tests share both databases") {
    auto suite = open_copy_on_write("suite");
    run("INSERT INTO books.entries VALUES (2, 200)");
    for (const auto each : {isolite::mode::rollback, isolite::mode::copy_on_write}) {
        auto test = open("suite/test", each);
        run("DELETE FROM orders; DELETE FROM books.entries");
        CHECK(failure(test) == "");
        CHECK(counts() == "1/2");
    }
    CHECK(failure(suite) == "");
    CHECK(counts() == "1/1");
}

TEST_CASE_FIXTURE(shop_with_ledger, "a commit in the attached database names it") {
    auto session = open("orders/first");
    run("DELETE FROM books.entries; COMMIT");
    CHECK(failure(session) ==
          "cannot end 'orders/first' with a clean database: it committed changes to the database "
          "'shop.books' with \"COMMIT\"\n"
          "  table entries: 1 row removed\n"
          "    - id=1, cents=100\n" +
              std::string(how_to_copy_on_write));
    CHECK(counts() == "1/1");
}

TEST_CASE_FIXTURE(shop_with_ledger, "a commit in both databases says what changed in each") {
    auto session = open("orders/first");
    run("DELETE FROM orders; INSERT INTO books.entries VALUES (2, 200); COMMIT");
    CHECK(failure(session) ==
          "cannot end 'orders/first' with a clean database: it committed changes to the database "
          "'shop' with \"COMMIT\"; it committed changes to the database 'shop.books' with "
          "\"COMMIT\"\n"
          "  in 'shop':\n"
          "    table orders: 1 row removed\n"
          "      - id=1\n"
          "  in 'shop.books':\n"
          "    table entries: 1 row added\n"
          "      + id=2, cents=200\n" +
              std::string(how_to_copy_on_write));
    CHECK(counts() == "1/1");
}

TEST_CASE_FIXTURE(shop_with_ledger, "a database that a test detaches is attached again") {
    for (const auto each : {isolite::mode::rollback, isolite::mode::copy_on_write}) {
        auto session = open("orders/first", each);
        run(each == isolite::mode::rollback ? "COMMIT; DETACH books" : "DETACH books");
        CHECK(failure(session) ==
              "cannot end 'orders/first' with a clean database: it detached the database 'books'\n"
              "  hint: undo in the test what it did to its connection, for instance in a "
              "destructor");
        CHECK(counts() == "1/1");
        auto next = open("the next");
        run("DELETE FROM books.entries; COMMIT");
        CHECK(failure(next).find("'shop.books' with \"COMMIT\"\n") != std::string::npos);
        CHECK(counts() == "1/1");
    }
}

TEST_CASE_FIXTURE(shop_with_ledger, "a commit after a DETACH and an ATTACH is undone too") {
    auto session = open_copy_on_write();
    run("DETACH books; ATTACH 'file:shop.books?vfs=isolite' AS books; DELETE FROM books.entries");
    CHECK(failure(session) == "");
    CHECK(counts() == "1/1");
    auto next = open("the next");
    run("DELETE FROM books.entries; COMMIT");
    CHECK(failure(next).find("with \"COMMIT\"\n") != std::string::npos);
    CHECK(counts() == "1/1");
}

TEST_CASE_FIXTURE(shop_with_ledger, "a transaction over both databases commits whole") {
    auto session = open_copy_on_write();
    run("BEGIN; DELETE FROM orders; DELETE FROM books.entries; COMMIT");
    auto other = engine.connect();
    REQUIRE(other);
    CHECK(other->execAndGet("SELECT count(*) FROM orders").getInt() == 0);
    CHECK(other->execAndGet("SELECT count(*) FROM books.entries").getInt() == 0);
    other.value() = SQLite::Database(":memory:");
    CHECK(failure(session) == "");
    CHECK(counts() == "1/1");
}

TEST_CASE_FIXTURE(shop_with_ledger, "an abandoned session has both databases anew") {
    auto session = open("cut off");
    run("DELETE FROM orders; DELETE FROM books.entries; COMMIT");
    REQUIRE(isolite::session::abandon(engine, "cut off"));
    CHECK(counts() == "1/1");
    auto next = open("the next");
    run("DELETE FROM books.entries; COMMIT");
    CHECK(failure(next) != "");
    CHECK(counts() == "1/1");
}
