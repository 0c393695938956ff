// Deferred foreign keys, which no COMMIT checks in mode rollback.

#include "engine_fixture.hpp"

namespace {

struct family : engine_fixture {
    family()
        : engine_fixture(isolite::seed("family").sql(
              "CREATE TABLE customer (id INTEGER PRIMARY KEY);"
              "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER "
              "REFERENCES customer DEFERRABLE INITIALLY DEFERRED);"
              "CREATE TABLE price (currency, product, cents, PRIMARY KEY (currency, product));"
              "CREATE TABLE sale (cur, prod, FOREIGN KEY (cur, prod) REFERENCES price "
              "DEFERRABLE INITIALLY DEFERRED);"
              "CREATE TABLE code (c TEXT PRIMARY KEY, customer REFERENCES customer "
              "DEFERRABLE INITIALLY DEFERRED) WITHOUT ROWID;"
              "INSERT INTO customer VALUES (1); INSERT INTO orders VALUES (1, 1)")) {}

    /// Returns the message of a test that runs these statements.
    std::string message_of(const char* sql) {
        auto session = open("orders/first");
        run(sql);
        return failure(session);
    }
};

const std::string cannot_end = "cannot end 'orders/first' with a clean database: ";
const std::string hint =
    "\n  hint: the test could never have committed this: insert the missing row, or use "
    "copy_on_write to see COMMIT fail";

} // namespace

TEST_CASE_FIXTURE(family, "an unresolved key is named with its row and its value") {
    CHECK(message_of("INSERT INTO orders VALUES (5, 7)") ==
          cannot_end +
              "it left the row 5 of 'orders' (customer=7) without the row of 'customer' that it "
              "refers to" +
              hint);
}

TEST_CASE_FIXTURE(family, "a deleted parent leaves its children unresolved") {
    CHECK(message_of("DELETE FROM customer") ==
          cannot_end +
              "it left the row 1 of 'orders' (customer=1) without the row of 'customer' that it "
              "refers to" +
              hint);
}

TEST_CASE_FIXTURE(family, "a key of several columns is named with each of them") {
    CHECK(message_of("INSERT INTO sale VALUES ('EUR', 9)") ==
          cannot_end +
              "it left the row 1 of 'sale' (cur='EUR', prod=9) without the row of 'price' that it "
              "refers to" +
              hint);
}

TEST_CASE_FIXTURE(family, "in a table WITHOUT ROWID rows are named by their primary keys") {
    CHECK(message_of("INSERT INTO code VALUES ('a', 7), ('b', 1), ('c', NULL), ('d', 8)") ==
          cannot_end +
              "it left the row c='a' of 'code' (customer=7) without the row of 'customer' that it "
              "refers to; it left the row c='d' of 'code' (customer=8) without the row of "
              "'customer' that it refers to" +
              hint);
}

TEST_CASE_FIXTURE(family, "of many unresolved keys three are named") {
    const std::string message = message_of("INSERT INTO orders VALUES (5, 7), (6, 7), (7, 7), "
                                           "(8, 7), (9, 7)");
    CHECK(message.find("it left the row 7 of 'orders' (customer=7) without the row of 'customer' "
                       "that it refers to; it left more rows without the rows they refer to" +
                       hint) != std::string::npos);
    CHECK(message.find("the row 8") == std::string::npos);
}

TEST_CASE_FIXTURE(family, "a key that was resolved in time is no leak") {
    CHECK(message_of("INSERT INTO orders VALUES (5, 7); INSERT INTO customer VALUES (7)") == "");
    CHECK(message_of("INSERT INTO orders VALUES (5, 7); DELETE FROM orders WHERE id = 5") == "");
    CHECK(message_of("SAVEPOINT s; INSERT INTO orders VALUES (5, 7); ROLLBACK TO s") == "");
}

TEST_CASE_FIXTURE(family, "a test that goes on in a transaction of its own is checked as well") {
    CHECK(message_of("ROLLBACK; BEGIN; INSERT INTO orders VALUES (5, 7)")
              .find("it left the row 5 of 'orders' (customer=7)") != std::string::npos);
}

TEST_CASE_FIXTURE(family, "nothing of it is left for the next test") {
    message_of("INSERT INTO orders VALUES (5, 7)");
    CHECK(message_of("INSERT INTO customer VALUES (2)") == "");
    CHECK(value("SELECT count(*) FROM orders") == "1");
}

TEST_CASE("a key that the seed violates is not named, and one more of its kind is") {
    engine_fixture fixture(isolite::seed("shop").sql(
        "PRAGMA foreign_keys = OFF; CREATE TABLE customer (id INTEGER PRIMARY KEY);"
        "CREATE TABLE code (c TEXT PRIMARY KEY, customer REFERENCES customer "
        "DEFERRABLE INITIALLY DEFERRED) WITHOUT ROWID; INSERT INTO code VALUES ('a', 7)"));
    auto session = fixture.open("orders/first");
    fixture.run("INSERT INTO code VALUES ('b', 8)");
    CHECK(failure(session) == cannot_end +
                                  "it left the row c='b' of 'code' (customer=8) without the row "
                                  "of 'customer' that it refers to" +
                                  hint);
}

TEST_CASE("a key in a database that the seed attaches is named too") {
    engine_fixture fixture(isolite::seed("shop").attach(
        "books", isolite::seed("books").sql(
                     "CREATE TABLE account (id INTEGER PRIMARY KEY);"
                     "CREATE TABLE entry (account REFERENCES account DEFERRABLE INITIALLY "
                     "DEFERRED)")));
    auto session = fixture.open("orders/first");
    fixture.run("INSERT INTO books.entry VALUES (3)");
    CHECK(failure(session) == cannot_end +
                                  "it left the row 1 of 'books.entry' (account=3) without the row "
                                  "of 'account' that it refers to" +
                                  hint);
}
