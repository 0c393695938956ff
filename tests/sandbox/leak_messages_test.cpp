// What a test is told that committed changes, word for word: what is different now.

#include "leaking_shop.hpp"

#include <isolite/fixture.hpp>
#include <isolite/seed.hpp>

TEST_CASE_FIXTURE(shop, "message: an inserted row") {
    CHECK(message_of("INSERT INTO orders VALUES (9, 1, 'it''s'); COMMIT") ==
          committed(with_commit,
                    {"table orders: 1 row added", "  + id=9, customer=1, note='it''s'"}));
}

TEST_CASE_FIXTURE(shop, "message: an updated row") {
    CHECK(message_of("UPDATE orders SET customer = NULL, note = 'sent' WHERE id = 1; COMMIT") ==
          committed(with_commit, {"table orders: 1 row changed",
                                  "  ~ id=1: customer 7 -> NULL, note 'gift' -> 'sent'"}));
}

TEST_CASE_FIXTURE(shop, "message: a deleted row") {
    CHECK(
        message_of("DELETE FROM orders WHERE id = 2; COMMIT") ==
        committed(with_commit, {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: rows in bulk") {
    CHECK(message_of("WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < "
                     "1009) INSERT INTO orders SELECT i, i, NULL FROM n; DELETE FROM orders WHERE "
                     "id = 3; COMMIT") ==
          committed(with_commit,
                    {"table orders: 1000 rows added, 1 removed",
                     "  - id=3, customer=8, note='late'", "  + id=10, customer=10, note=NULL",
                     "  + id=11, customer=11, note=NULL", "  + id=12, customer=12, note=NULL",
                     "  + id=13, customer=13, note=NULL", "  … and 996 more"}));
}

TEST_CASE_FIXTURE(shop, "message: a table without a primary key") {
    CHECK(message_of("DELETE FROM unkeyed WHERE rowid = 1; COMMIT") ==
          committed(with_commit, {"table unkeyed: 1 row removed", "  - rowid=1, a=1, b='x'"}));
}

TEST_CASE_FIXTURE(shop, "message: a table WITHOUT ROWID") {
    CHECK(message_of("UPDATE stock SET count = 99; COMMIT") ==
          committed(with_commit, {"table stock: 1 row changed",
                                  "  ~ place='cellar', product=7: count 100 -> 99"}));
}

TEST_CASE_FIXTURE(shop, "message: generated columns") {
    CHECK(
        message_of("UPDATE line SET count = 3; COMMIT") ==
        committed(with_commit, {"table line: 1 row changed",
                                "  ~ id=1: count 2 -> 3, total 200 -> 300, gross 238.0 -> 357.0"}));
}

TEST_CASE_FIXTURE(shop, "message: a long text and a long blob") {
    CHECK(
        message_of("INSERT INTO file VALUES ('text', replace(hex(zeroblob(50)), '0', 'ab')), "
                   "('blob', zeroblob(1000)); COMMIT") ==
        committed(with_commit, {"table file: 2 rows added",
                                "  + name='blob', body=x'00000000000000000000000000000000…' "
                                "(1000 bytes)",
                                "  + name='text', body='abababababababababababababababababababab…' "
                                "(200 characters)"}));
}

TEST_CASE("message: a full-text index") {
    engine_fixture texts(isolite::seed("texts").sql(
        "CREATE VIRTUAL TABLE doc USING fts5(title, body);"
        "INSERT INTO doc (rowid, title, body) VALUES (1, 'first', 'one word')"));
    auto session = texts.open("orders/first");
    texts.run("INSERT INTO doc VALUES ('second', 'two words'); COMMIT");
    CHECK(failure(session) ==
          ending("it committed changes to the database 'texts' with \"COMMIT\"\n"
                 "  table doc: 1 row added\n"
                 "    + rowid=2, title='second', body='two words'") +
              commit_hint);
}

TEST_CASE("message: a database in UTF-16") {
    engine_fixture texts(isolite::seed("texts").sql("PRAGMA encoding = 'UTF-16';"
                                                    "CREATE TABLE doc (title TEXT PRIMARY KEY)"));
    auto session = texts.open("orders/first");
    texts.run("INSERT INTO doc VALUES ('\u00e4'); COMMIT");
    CHECK(failure(session) ==
          ending("it committed changes to the database 'texts' with \"COMMIT\"\n"
                 "  table doc: 1 row added\n"
                 "    + title='\u00e4'") +
              commit_hint);
}

TEST_CASE_FIXTURE(shop, "message: objects of the schema that came") {
    CHECK(message_of("CREATE TABLE scratch (a); CREATE INDEX by_note ON orders (note); CREATE VIEW "
                     "recent AS SELECT 1; CREATE TRIGGER touched AFTER INSERT ON orders BEGIN "
                     "SELECT 1; END; COMMIT") ==
          committed(with_commit, {"table scratch: added", "index by_note: added",
                                  "trigger touched: added", "view recent: added"}));
}

TEST_CASE_FIXTURE(shop, "message: objects of the schema that went") {
    CHECK(message_of("DROP TABLE unkeyed; DROP INDEX by_customer; DROP VIEW gifts; DROP TRIGGER "
                     "aged; COMMIT") ==
          committed(with_commit, {"table unkeyed: dropped", "index by_customer: dropped",
                                  "trigger aged: dropped", "view gifts: dropped"}));
}

TEST_CASE_FIXTURE(shop, "message: objects of the schema that were altered") {
    CHECK(message_of("ALTER TABLE orders ADD COLUMN paid DEFAULT 0; DROP INDEX by_customer; CREATE "
                     "INDEX by_customer ON orders (customer, note); COMMIT") ==
          committed(with_commit, {"table orders: changed", "index by_customer: changed"}));
}

TEST_CASE_FIXTURE(shop, "message: a sequence") {
    CHECK(message_of("INSERT INTO ticket DEFAULT VALUES; DELETE FROM ticket WHERE id = 2; "
                     "COMMIT") == committed(with_commit, {"sequence of ticket: 1 -> 2"}));
}

TEST_CASE_FIXTURE(shop, "message: user_version") {
    CHECK(message_of("PRAGMA user_version = 5; COMMIT") ==
          committed(with_commit, {"user_version: 0 -> 5"}));
}

TEST_CASE_FIXTURE(shop, "message: a hint says what the users of a framework write") {
    struct listening final : isolite::framework {
        std::string current_test() const override { return "orders/first"; }
        std::optional<isolite::mode> chosen_mode() const override { return std::nullopt; }
        bool failing() const override { return false; }
        void fail(const std::string& message) noexcept override { failure = message; }
        void note(const std::string& /*message*/) noexcept override {}
        std::string way_to_commit() const override { return way; }

        std::string failure;
        std::string way;
    } framework;
    const std::string hint = "\n  hint: use copy_on_write for code that commits or opens "
                             "connections of its own: ";
    const auto hint_of_commit = [&] {
        {
            isolite::fixture test(framework, engine, isolite::mode::rollback);
            test.db().exec("DELETE FROM stock; COMMIT");
        }
        return framework.failure.substr(framework.failure.rfind("\n"));
    };
    CHECK("\n" + hint_of_commit().substr(1) == commit_hint);
    framework.way = "tag the test";
    CHECK(hint_of_commit() == hint + "tag the test");
}
