#include <isolite/seed.hpp>

#include "seed/workshop.hpp"
#include "store/vfs.hpp"

#include "text_file.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <vector>

namespace {

struct empty_database {
    SQLite::Database database{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};

    isolite::result<std::string> apply(const isolite::seed& seed) {
        return isolite::seeds::apply(seed, database);
    }

    /// Applies the seed and returns the error's message and hint, empty if there is none.
    std::string failure(const isolite::seed& seed) {
        const auto applied = apply(seed);
        return applied ? "" : applied.error().message + " | " + applied.error().hint;
    }

    int value(const std::string& sql) { return database.execAndGet(sql).getInt(); }
};

} // namespace

TEST_CASE_FIXTURE(empty_database, "the parts of a seed are applied in the order of the calls") {
    const text_file file("INSERT INTO log VALUES ('file');");
    const auto seed =
        isolite::seed("s")
            .sql("CREATE TABLE log (what)")
            .step("step", [](SQLite::Database& db) { db.exec("INSERT INTO log VALUES ('step')"); })
            .sql_file(file.path())
            .sql("INSERT INTO log VALUES ('text')");
    CHECK(failure(seed) == "");
    CHECK(database.execAndGet("SELECT group_concat(what) FROM log").getString() ==
          "step,file,text");
}

TEST_CASE_FIXTURE(empty_database, "a failing statement is named with its file and its line") {
    const text_file file("CREATE TABLE t (a);\n"
                         "-- a comment; with a semicolon\n"
                         "INSERT INTO t\n"
                         "  VALUES (1);\n"
                         "\n"
                         "INSERT INTO missing VALUES (1);\n"
                         "INSERT INTO t VALUES (2);\n");
    CHECK(failure(isolite::seed("shop").sql_file(file.path())) ==
          "apply the seed 'shop': " + file.path() +
              ":6: no such table: missing, in \"INSERT INTO missing VALUES (1)\" | the statements "
              "before it succeeded");
}

TEST_CASE_FIXTURE(empty_database, "a syntax error is named with the line in which it stands") {
    CHECK(
        failure(isolite::seed("shop").sql("CREATE TABLE t (a)").sql("SELECT 1;\nSELECT\n  2 +;")) ==
        "apply the seed 'shop': SQL text 2:3: near \";\": syntax error, in \"SELECT 2 +\" | the "
        "statements before it succeeded");
}

TEST_CASE_FIXTURE(empty_database,
                  "a constraint that fails is named with the start of its statement") {
    CHECK(
        failure(isolite::seed("shop").sql("CREATE TABLE t (a UNIQUE);\nINSERT INTO t VALUES (1);\n"
                                          "INSERT INTO t VALUES (1);")) ==
        "apply the seed 'shop': SQL text 1:3: UNIQUE constraint failed: t.a, in \"INSERT INTO t "
        "VALUES (1)\" | the statements before it succeeded");
}

TEST_CASE_FIXTURE(empty_database, "a long statement is cut in the message") {
    const std::string message = failure(
        isolite::seed("s").sql("INSERT INTO missing VALUES ('" + std::string(5000, 'x') + "')"));
    CHECK(message.size() < 400);
    CHECK(message.find("xxx...\" | ") != std::string::npos);
}

TEST_CASE_FIXTURE(empty_database, "a missing file is named with the working directory") {
    const std::string message = failure(isolite::seed("shop").sql_file("no/such.sql"));
    CHECK(message.find("apply the seed 'shop': no/such.sql: No such file or directory | a relative "
                       "path is taken from the working directory, which is '/") == 0);
    CHECK(message.find("give an absolute one, for instance from a define that the build sets") !=
          std::string::npos);
}

TEST_CASE_FIXTURE(empty_database, "a directory in place of a file is named") {
    CHECK(failure(isolite::seed("shop").sql_file("/"))
              .find("apply the seed 'shop': /: is a directory") == 0);
}

TEST_CASE_FIXTURE(empty_database, "a step that throws is named with its exception") {
    const auto seed = isolite::seed("shop").step(
        "prices", [](SQLite::Database&) { throw std::runtime_error("no prices today"); });
    CHECK(failure(seed) == "apply the seed 'shop': step 'prices' failed: no prices today | the "
                           "step threw this exception");
}

TEST_CASE_FIXTURE(empty_database, "a step that SQLite refuses is named with what SQLite says") {
    const auto seed = isolite::seed("shop").step(
        "prices", [](SQLite::Database& db) { db.exec("INSERT INTO missing VALUES (1)"); });
    const auto applied = apply(seed);
    REQUIRE(!applied);
    CHECK(applied.error().message ==
          "apply the seed 'shop': step 'prices' failed: no such table: missing");
    CHECK(applied.error().code == isolite::errc::seed);
    CHECK(applied.error().sqlite_code == 1);
}

TEST_CASE_FIXTURE(empty_database, "a step that throws no exception object is named") {
    const auto seed = isolite::seed("shop").step("prices", [](SQLite::Database&) { throw 7; });
    CHECK(failure(seed) == "apply the seed 'shop': step 'prices' failed | the step threw something "
                           "that is no exception");
}

TEST_CASE_FIXTURE(empty_database, "a step may use transactions of its own") {
    const auto seed =
        isolite::seed("s").sql("CREATE TABLE t (a)").step("fill", [](SQLite::Database& db) {
            SQLite::Transaction transaction(db);
            db.exec("INSERT INTO t VALUES (1)");
            transaction.commit();
        });
    CHECK(failure(seed) == "");
    CHECK(value("SELECT count(*) FROM t") == 1);
}

TEST_CASE_FIXTURE(empty_database, "a step that leaves a transaction open is named") {
    const auto seed =
        isolite::seed("shop").step("fill", [](SQLite::Database& db) { db.exec("BEGIN"); });
    CHECK(failure(seed) == "apply the seed 'shop': step 'fill' left a transaction open | end each "
                           "transaction in the step that began it");
}

TEST_CASE_FIXTURE(empty_database, "a script may use transactions of its own") {
    CHECK(failure(isolite::seed("s").sql("CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES (1); "
                                         "COMMIT; INSERT INTO t VALUES (2)")) == "");
    CHECK(value("SELECT count(*) FROM t") == 2);
}

TEST_CASE_FIXTURE(empty_database, "a script that leaves a transaction open is named") {
    CHECK(failure(isolite::seed("shop").sql("BEGIN;\nCREATE TABLE t (a)")) ==
          "apply the seed 'shop': SQL text 1:2: the script left a transaction open | end it with "
          "COMMIT");
}

TEST_CASE_FIXTURE(empty_database, "a COMMIT without a BEGIN fails as it does without isolite") {
    CHECK(failure(isolite::seed("shop").sql("CREATE TABLE t (a);\nCOMMIT;")) ==
          "apply the seed 'shop': SQL text 1:2: cannot commit - no transaction is active, in "
          "\"COMMIT\" | the statements before it succeeded");
}

TEST_CASE_FIXTURE(empty_database,
                  "PRAGMAs that no transaction allows work in the middle of a script") {
    CHECK(failure(isolite::seed("s").sql("CREATE TABLE parent (id INTEGER PRIMARY KEY);"
                                         "CREATE TABLE child (parent REFERENCES parent);"
                                         "PRAGMA foreign_keys = OFF; INSERT INTO child VALUES (1);"
                                         "INSERT INTO parent VALUES (1); PRAGMA foreign_keys = ON; "
                                         "VACUUM")) == "");
    CHECK(value("PRAGMA foreign_keys") == 1);
}

TEST_CASE_FIXTURE(empty_database, "comments, blanks and stray semicolons are no statements") {
    CHECK(failure(isolite::seed("s").sql(" ;; -- nothing\n/* at ; all */ ;\n/* open end")) == "");
}

TEST_CASE_FIXTURE(empty_database,
                  "a zero byte is named with its line, before anything is written") {
    const std::string complaint =
        "a zero byte, behind which SQLite reads nothing | remove it; save a file that is UTF-16 as "
        "UTF-8";
    CHECK(failure(isolite::seed("shop").sql(std::string("CREATE TABLE t (a);\n\0 rubbish", 29))) ==
          "apply the seed 'shop': SQL text 1:2: " + complaint);
    CHECK(failure(isolite::seed("shop").sql(std::string("-- \0\nSELECT 1", 13))) ==
          "apply the seed 'shop': SQL text 1:1: " + complaint);
    const text_file file(std::string("CREATE TABLE t (a);\nINSERT INTO t VALUES ('\0');", 46));
    CHECK(failure(isolite::seed("shop").sql_file(file.path())) ==
          "apply the seed 'shop': " + file.path() + ":2: " + complaint);
    CHECK(value("SELECT count(*) FROM sqlite_master") == 0);
}

TEST_CASE_FIXTURE(empty_database, "a byte order mark is no statement") {
    CHECK(failure(isolite::seed("s").sql("\xEF\xBB\xBF")) == "");
    CHECK(failure(isolite::seed("s").sql("\xEF\xBB\xBF"
                                         "CREATE TABLE t (a);\xEF\xBB\xBF")) == "");
    CHECK(value("SELECT count(*) FROM t") == 0);
}

TEST_CASE_FIXTURE(empty_database,
                  "what only on_connect registers gets the hint that a step must, too") {
    const std::string hint = " | if on_connect registers it: that is called when the seed has been "
                             "applied, so a step before must register it, too";
    CHECK(failure(isolite::seed("shop").sql("CREATE TABLE t (a COLLATE rev PRIMARY KEY)")) ==
          "apply the seed 'shop': SQL text 1:1: no such collation sequence: rev, in \"CREATE TABLE "
          "t (a COLLATE rev PRIMARY KEY)\"" +
              hint);
    CHECK(failure(isolite::seed("shop").sql("SELECT twice(1)")) ==
          "apply the seed 'shop': SQL text 1:1: no such function: twice, in \"SELECT twice(1)\"" +
              hint);
    CHECK(failure(isolite::seed("shop").sql("CREATE VIRTUAL TABLE v USING files")) ==
          "apply the seed 'shop': SQL text 1:1: no such module: files, in \"CREATE VIRTUAL TABLE v "
          "USING files\"" +
              hint);
    CHECK(failure(isolite::seed("shop").step("rows", [](SQLite::Database& db) {
              db.exec("SELECT twice(1)");
          })) == "apply the seed 'shop': step 'rows' failed: no such function: twice" + hint);
}

TEST_CASE_FIXTURE(empty_database, "a step that leaves the database empty is named") {
    const std::string hint = " | let a step commit what it writes; a seed that means an empty "
                             "database has no step, and sets its PRAGMAs by sql(...)";
    const auto forgets_to_commit = [](SQLite::Database& db) {
        SQLite::Transaction transaction(db);
        db.exec("CREATE TABLE t (a)");
    };
    CHECK(failure(isolite::seed("shop")
                      .sql("PRAGMA journal_mode = WAL; PRAGMA user_version = 3")
                      .step("functions", [](SQLite::Database&) {})
                      .step("rows", forgets_to_commit)) ==
          "apply the seed 'shop': the database is empty after step 'rows'" + hint);
}

TEST_CASE_FIXTURE(empty_database,
                  "a database without tables is right where no step says otherwise") {
    CHECK(failure(isolite::seed("s")) == "");
    CHECK(failure(isolite::seed("s").on_connect([](SQLite::Database&) {})) == "");
    CHECK(failure(isolite::seed("s").sql("PRAGMA page_size = 8192; PRAGMA user_version = 1")) ==
          "");
    CHECK(failure(isolite::seed("s")
                      .step("functions", [](SQLite::Database&) {})
                      .sql("CREATE TABLE t (a)")) == "");
}

TEST_CASE_FIXTURE(empty_database,
                  "a refused statement is quoted up to its end, not to any semicolon") {
    CHECK(failure(isolite::seed("shop").sql("INSERT INTO nowhere VALUES ('a;b'); SELECT 1")) ==
          "apply the seed 'shop': SQL text 1:1: no such table: nowhere, in \"INSERT INTO nowhere "
          "VALUES ('a;b')\" | the statements before it succeeded");
}

TEST_CASE_FIXTURE(empty_database, "a trigger with statements of its own is one statement") {
    CHECK(failure(isolite::seed("s").sql(
              "CREATE TABLE t (a); CREATE TABLE log (a);"
              "CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); "
              "DELETE FROM log WHERE a = 1; END; INSERT INTO t VALUES (1), (2)")) == "");
    CHECK(value("SELECT a FROM log") == 2);
}

TEST_CASE_FIXTURE(empty_database,
                  "a deferred constraint that stays unresolved is named at the end") {
    database.exec("PRAGMA foreign_keys = ON");
    CHECK(failure(isolite::seed("shop").sql(
              "CREATE TABLE parent (id INTEGER PRIMARY KEY);\n"
              "CREATE TABLE child (parent REFERENCES parent DEFERRABLE INITIALLY DEFERRED);\n"
              "INSERT INTO child VALUES (1);\n")) ==
          "apply the seed 'shop': SQL text 1:4: FOREIGN KEY constraint failed | a deferred "
          "constraint may be unresolved at the end of the script");
}

TEST_CASE("the databases that a seed attaches are listed in the order of the calls") {
    const auto seed = isolite::seed("shop")
                          .attach("books", isolite::seed("ledger").sql("CREATE TABLE t (a)"))
                          .attach("archive", isolite::seed("old"));
    REQUIRE(seed.attachments().size() == 2);
    CHECK(seed.attachments()[0].schema == "books");
    CHECK(seed.attachments()[0].database.name() == "ledger");
    CHECK(seed.attachments()[0].database.parts().size() == 1);
    CHECK(seed.attachments()[1].schema == "archive");
    CHECK(seed.parts().empty());
}

TEST_CASE_FIXTURE(empty_database, "applying a seed leaves what it attaches alone") {
    CHECK(failure(isolite::seed("shop")
                      .sql("CREATE TABLE t (a)")
                      .attach("books", isolite::seed("ledger").sql("nonsense"))) == "");
    CHECK(value("SELECT count(*) FROM pragma_database_list WHERE name = 'books'") == 0);
}

TEST_CASE("a step that leaves a statement or a BLOB handle open is an error") {
    REQUIRE(isolite::store::register_vfs());
    static auto* const statements = new std::vector<std::unique_ptr<SQLite::Statement>>;
    const auto prepare = [](SQLite::Database& db) -> SQLite::Statement& {
        return *statements->emplace_back(
            std::make_unique<SQLite::Statement>(db, "SELECT a FROM t"));
    };
    static sqlite3_blob* blob = nullptr;
    const auto left = [](const auto& step) {
        const auto built =
            isolite::seeds::build_image(isolite::seed("shop")
                                            .sql("CREATE TABLE t (a); INSERT INTO t VALUES ('x');"
                                                 "CREATE VIRTUAL TABLE texts USING fts5(body);"
                                                 "INSERT INTO texts VALUES ('not left open')")
                                            .step("fill", step));
        return built ? "" : built.error().message + " | " + built.error().hint;
    };
    CHECK(left([&](SQLite::Database& db) { prepare(db).executeStep(); }) ==
          "apply the seed 'shop': step 'fill' left the statement \"SELECT a FROM t\" open | let "
          "the step end what it prepares: its connection is closed, and the tests get others");
    CHECK(left([](SQLite::Database& db) {
              sqlite3_blob_open(db.getHandle(), "main", "t", "a", 1, 0, &blob);
          }) ==
          "apply the seed 'shop': step 'fill' left a BLOB handle open | let the step end what "
          "it prepares: its connection is closed, and the tests get others");
    CHECK(left([&](SQLite::Database& db) {
              prepare(db);
              throw std::runtime_error("no");
          }).find("step 'fill' failed: no") != std::string::npos);
}
