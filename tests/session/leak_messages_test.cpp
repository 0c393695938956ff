// What a test that leaks is told, word for word.

#include "engine_fixture.hpp"

#include <functional>
#include <initializer_list>
#include <optional>

namespace {

struct shop : engine_fixture {
    shop()
        : engine_fixture(isolite::seed("shop").sql(
              "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, note TEXT);"
              "INSERT INTO orders VALUES (1, 7, 'gift'), (2, 7, NULL), (3, 8, 'late');"
              "CREATE TABLE unkeyed (a, b); INSERT INTO unkeyed VALUES (1, 'x'), (1, 'x');"
              "CREATE TABLE stock (place TEXT, product INTEGER, count INTEGER,"
              "                    PRIMARY KEY (place, product)) WITHOUT ROWID;"
              "INSERT INTO stock VALUES ('cellar', 7, 100);"
              "CREATE TABLE line (id INTEGER PRIMARY KEY, cents, count, total AS (cents * count),"
              "                   gross AS (cents * count * 1.19) STORED);"
              "INSERT INTO line (id, cents, count) VALUES (1, 100, 2);"
              "CREATE TABLE file (name TEXT PRIMARY KEY, body);"
              "INSERT INTO file VALUES ('a', x'00ff');"
              "CREATE TABLE ticket (id INTEGER PRIMARY KEY AUTOINCREMENT);"
              "INSERT INTO ticket DEFAULT VALUES;"
              "CREATE INDEX by_customer ON orders (customer);"
              "CREATE VIEW gifts AS SELECT * FROM orders WHERE note = 'gift';"
              "CREATE TRIGGER aged AFTER DELETE ON stock BEGIN DELETE FROM unkeyed; END")) {}

    /// Returns the message of a test that does this.
    std::string message_of(const std::function<void()>& body,
                           isolite::mode mode = isolite::mode::rollback) {
        auto session = open("orders/first", mode);
        body();
        return failure(session);
    }

    std::string message_of(const char* sql, isolite::mode mode = isolite::mode::rollback) {
        return message_of([&] { run(sql); }, mode);
    }

    SQLite::Database connect() {
        auto connection = engine.connect();
        if (!connection) {
            FAIL(connection.error().text());
        }
        return std::move(*connection);
    }
};

std::string ending(const std::string& clauses) {
    return "cannot end 'orders/first' with a clean database: " + clauses;
}

const std::string commit_hint =
    "\n  hint: use copy_on_write for code that commits or opens connections of its own: decorate "
    "the test with isolated(isolite::mode::copy_on_write)";
const std::string undo_hint =
    "\n  hint: undo in the test what it did to its connection, for instance in a destructor";
const std::string work_hint =
    "\n  hint: end the test's transactions and queries, and join its threads, before the test ends";

/// Returns the message about changes that were committed, with the lines about rows.
std::string committed(const std::string& how, std::initializer_list<const char*> lines) {
    std::string message = ending("it committed changes to the database 'shop'" + how);
    for (const char* line : lines) {
        message += std::string("\n  ") + line;
    }
    return message + commit_hint;
}

const std::string with_commit = " with \"COMMIT\"";

} // namespace

// What was changed.

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

// Who committed it.

TEST_CASE_FIXTURE(shop, "message: a COMMIT is quoted as it was written") {
    CHECK(message_of("DELETE FROM orders WHERE id = 2;\n  commit  TRANSACTION") ==
          committed(" with \"commit TRANSACTION\"",
                    {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
    CHECK(message_of("DELETE FROM orders WHERE id = 2; END") ==
          committed(" with \"END\"",
                    {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a statement on its own after a ROLLBACK") {
    CHECK(message_of("ROLLBACK; DELETE FROM orders WHERE id = 2") ==
          committed(" with \"DELETE FROM orders WHERE id = 2\", after \"ROLLBACK\" had ended the "
                    "sandbox's transaction",
                    {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a RELEASE after a ROLLBACK") {
    CHECK(message_of("ROLLBACK; SAVEPOINT a; DELETE FROM orders WHERE id = 2; RELEASE a") ==
          committed(" with \"RELEASE a\", after \"ROLLBACK\" had ended the sandbox's transaction",
                    {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a COMMIT after a COMMIT") {
    CHECK(
        message_of("COMMIT; BEGIN; DELETE FROM orders WHERE id = 2; COMMIT") ==
        committed(with_commit, {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a conflict that rolled back") {
    CHECK(message_of([&] {
              CHECK_THROWS(run("INSERT OR ROLLBACK INTO orders VALUES (1, 1, '')"));
              run("DELETE FROM orders WHERE id = 2");
          }) ==
          committed(" with \"DELETE FROM orders WHERE id = 2\", after a conflict (ON CONFLICT "
                    "ROLLBACK, RAISE(ROLLBACK)) had ended the sandbox's transaction",
                    {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a COMMIT that was prepared long ago") {
    SQLite::Statement commit(engine.db(), "/* of a wrapper */ COMMIT");
    auto earlier = open("earlier");
    CHECK(failure(earlier) == "");
    CHECK(message_of([&] {
              run("DELETE FROM orders WHERE id = 2");
              commit.exec();
          }) == committed(with_commit,
                          {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a comment before a COMMIT") {
    CHECK(
        message_of("DELETE FROM orders WHERE id = 2; -- done\nCOMMIT") ==
        committed(with_commit, {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: another connection") {
    CHECK(message_of([&] { connect().exec("DELETE FROM orders WHERE id = 2"); }) ==
          committed(" with \"DELETE FROM orders WHERE id = 2\" on another connection",
                    {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a connection that an earlier test left open") {
    std::optional<SQLite::Database> left;
    auto polluter = open("orders/polluter");
    left.emplace(connect());
    CHECK(failure(polluter) == "");
    auto between = open("orders/between");
    CHECK(failure(between) == "");
    CHECK(message_of([&] { left->exec("DELETE FROM orders WHERE id = 2"); }) ==
          committed(" with \"DELETE FROM orders WHERE id = 2\" on a connection that "
                    "'orders/polluter' left open",
                    {"table orders: 1 row removed", "  - id=2, customer=7, note=NULL"}));
}

TEST_CASE_FIXTURE(shop, "message: a BEGIN inside the sandbox") {
    CHECK(message_of([&] { CHECK_THROWS(run("BEGIN IMMEDIATE")); }) ==
          ending("it ran \"BEGIN IMMEDIATE\" inside the sandbox's transaction") + commit_hint);
}

// What was left on the connection.

TEST_CASE("message: a deferred foreign key") {
    engine_fixture keys(
        isolite::seed("keys").sql("CREATE TABLE a (id INTEGER PRIMARY KEY);"
                                  "CREATE TABLE b (a REFERENCES a DEFERRABLE INITIALLY DEFERRED)"));
    auto session = keys.open("orders/first");
    keys.run("INSERT INTO b VALUES (7)");
    CHECK(failure(session) ==
          ending("it left the row 1 of 'b' (a=7) without the row of 'a' that it refers to\n"
                 "  hint: the test could never have committed this: insert the missing row, or use "
                 "copy_on_write to see COMMIT fail"));
}

TEST_CASE_FIXTURE(shop, "message: a PRAGMA") {
    CHECK(message_of("PRAGMA recursive_triggers = ON") ==
          ending("it changed PRAGMA recursive_triggers from 0 to 1") + undo_hint);
}

TEST_CASE_FIXTURE(shop, "message: an attached database") {
    CHECK(message_of("ATTACH ':memory:' AS aside") ==
          ending("it left the database 'aside' attached") + undo_hint);
}

TEST_CASE_FIXTURE(shop, "message: a TEMP table") {
    CHECK(message_of("CREATE TEMP TABLE scratch (a); COMMIT") ==
          ending("it left the temporary table 'scratch' behind") + undo_hint);
}

TEST_CASE_FIXTURE(shop, "message: a statement that was not reset") {
    SQLite::Statement query(engine.db(), "SELECT id\n  FROM orders");
    CHECK(message_of([&] { query.executeStep(); }) ==
          ending("it left the statement \"SELECT id FROM orders\" open") + undo_hint);
}

TEST_CASE_FIXTURE(shop, "message: a transaction that was not ended in copy_on_write") {
    const std::string hint = "\n  hint: end it in the test with COMMIT or ROLLBACK";
    CHECK(message_of("BEGIN; DELETE FROM orders", isolite::mode::copy_on_write) ==
          ending("it left the transaction open that \"BEGIN\" began") + hint);
    CHECK(message_of("SAVEPOINT a; DELETE FROM orders", isolite::mode::copy_on_write) ==
          ending("it left the transaction open that \"SAVEPOINT a\" began") + hint);
}

TEST_CASE_FIXTURE(shop, "message: another connection in the middle of a statement") {
    for (const auto mode : {isolite::mode::rollback, isolite::mode::copy_on_write}) {
        SQLite::Database other = connect();
        SQLite::Statement query(other, "SELECT id FROM orders");
        CHECK(message_of([&] { query.executeStep(); }, mode) ==
              ending("it left another connection in the middle of \"SELECT id FROM orders\"") +
                  work_hint);
    }
}

TEST_CASE_FIXTURE(shop, "message: a connection of an earlier test in the middle of a statement") {
    std::optional<SQLite::Database> left;
    auto polluter = open("orders/polluter");
    left.emplace(connect());
    CHECK(failure(polluter) == "");
    SQLite::Statement query(*left, "SELECT id FROM orders");
    CHECK(message_of([&] { query.executeStep(); }) ==
          ending("it left a connection that 'orders/polluter' left open in the middle of \"SELECT "
                 "id FROM orders\"") +
              work_hint);
}

TEST_CASE_FIXTURE(shop, "message: another connection in the middle of a transaction") {
    SQLite::Database other = connect();
    CHECK(message_of([&] { other.exec("BEGIN; SELECT * FROM orders"); },
                     isolite::mode::copy_on_write) ==
          ending("it left another connection in the middle of a transaction or a query") +
              work_hint);
    other.exec("ROLLBACK");
}

TEST_CASE_FIXTURE(shop, "message: a connection kept in WAL mode") {
    std::optional<SQLite::Database> left;
    CHECK(message_of(
              [&] {
                  run("PRAGMA journal_mode = WAL");
                  left.emplace(connect());
                  left->exec("DELETE FROM orders");
              },
              isolite::mode::copy_on_write) ==
          ending("it left a connection open that holds the database in WAL mode\n"
                 "  hint: close the connection in the test, or let the seed set PRAGMA "
                 "journal_mode = WAL"));
}

TEST_CASE_FIXTURE(shop, "message: a database file") {
    CHECK(message_of("ATTACH 'left.db' AS aside; CREATE TABLE aside.t (x); COMMIT; DETACH aside") ==
          ending("it left the database file 'left.db' behind") + undo_hint);
}

TEST_CASE_FIXTURE(shop, "message: several things at once") {
    SQLite::Statement query(engine.db(), "SELECT id FROM orders");
    CHECK(message_of([&] {
              run("DELETE FROM orders WHERE id = 2; COMMIT; PRAGMA recursive_triggers = ON");
              query.executeStep();
          }) == ending("it committed changes to the database 'shop' with \"COMMIT\"; it left the "
                       "statement \"SELECT id FROM orders\" open; it changed PRAGMA "
                       "recursive_triggers from 0 to 1\n"
                       "  table orders: 1 row removed\n"
                       "    - id=2, customer=7, note=NULL") +
                    commit_hint);
}

TEST_CASE("message: a database that the seed attaches") {
    engine_fixture fixture(isolite::seed("shop").attach(
        "books", isolite::seed("books").sql("CREATE TABLE entries (id INTEGER PRIMARY KEY)")));
    auto session = fixture.open("orders/first");
    fixture.run("INSERT INTO books.entries VALUES (4); COMMIT");
    CHECK(failure(session) ==
          ending("it committed changes to the database 'shop.books' with \"COMMIT\"\n"
                 "  table entries: 1 row added\n"
                 "    + id=4") +
              commit_hint);
}
