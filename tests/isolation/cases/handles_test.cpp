#include "story.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <string>

// What a test leaves open on its connection. The handles of BLOBs, FTS5 and R-tree are statements
// without SQL for SQLite.

namespace {

const std::string searchable = "CREATE VIRTUAL TABLE ft USING fts5(x);"
                               "INSERT INTO ft VALUES ('hello world'), ('bye world');"
                               "CREATE VIRTUAL TABLE rt USING rtree(id, x1, x2);"
                               "INSERT INTO rt VALUES (1, 0, 1), (2, 1, 2);";

story leaves_open(const std::string& sql, const isolite::seed& seed) {
    const verdict blamed = fails({"left the statement \"", sql.substr(0, 20)},
                                 {"authorizer", "progress handler", "BLOB"});
    story told{seed};
    told.act = [sql](stage& at) { at.engine.statement(sql).executeStep(); };
    told.in_rollback = told.in_copy_on_write = blamed;
    return told;
}

story opens_a_blob(const char* schema, const char* table, const char* column, bool writes) {
    story told{audited_shop()};
    told.act = [=](stage& at) {
        sqlite3_blob* blob = nullptr;
        at.says.expect(sqlite3_blob_open(at.db(), schema, table, column, 1, writes ? 1 : 0,
                                         &blob) == SQLITE_OK,
                       "no BLOB is open");
        if (writes) {
            sqlite3_blob_write(blob, "x", 1, 0);
        }
    };
    told.in_rollback = told.in_copy_on_write = fails({"left a BLOB handle open"});
    return told;
}

} // namespace

TEST_CASE("a BLOB handle that is left open is named and undone") {
    CHECK(wrong_in(opens_a_blob("main", "t", "v", false)) == "");
    CHECK(wrong_in(opens_a_blob("main", "t", "v", true)) == "");
    CHECK(wrong_in(opens_a_blob("audit", "entries", "x", false)) == "");
    CHECK(wrong_in(opens_a_blob("audit", "entries", "x", true)) == "");
}

TEST_CASE("a BLOB handle of an earlier test can be used and closed later") {
    const pristine as_new(shop());
    for (const isolite::mode each : modes) {
        CHECK(wrong_in([&](witness& says) {
                  auto engine = opened(shop(), says);
                  sqlite3_blob* blob = nullptr;
                  test(engine, "culprit", each, [&] {
                      sqlite3_blob_open(engine.db().getHandle(), "main", "t", "v", 1, 1, &blob);
                  });
                  innocent(engine, says, each, [&] {
                      char byte = 0;
                      sqlite3_blob_read(blob, &byte, 1, 0);
                      sqlite3_blob_write(blob, "X", 1, 0);
                      sqlite3_blob_close(blob);
                  });
                  as_new.expect(engine, says);
              }) == "");
    }
}

TEST_CASE("what virtual tables keep open until their transaction ends is nobody's fault") {
    for (const char* const sql :
         {"INSERT INTO ft VALUES ('new world')", "DELETE FROM ft WHERE ft MATCH 'bye'",
          "DELETE FROM rt WHERE id = 1", "INSERT INTO old VALUES ('new world')",
          "DELETE FROM old WHERE old MATCH 'bye'"}) {
        CAPTURE(std::string(sql));
        const std::string older = "CREATE VIRTUAL TABLE old USING fts4(x);"
                                  "INSERT INTO old VALUES ('hello world'), ('bye world');";
        CHECK(wrong_in(story{shop(searchable + older), sql}) == "");
        CHECK(wrong_in(story{shop(searchable + older).on_connect([sql](SQLite::Database& db) {
                                 db.exec(std::string("EXPLAIN ") + sql);
                             }),
                             sql}) == "");
    }
}

TEST_CASE("a query that is left in the middle of its rows is named and undone") {
    for (const char* const sql :
         {"SELECT * FROM ft WHERE ft MATCH 'world'", "SELECT id FROM rt WHERE x1 >= 0",
          "SELECT id FROM t", "INSERT INTO t(v) VALUES ('r'), ('s') RETURNING id",
          "SELECT ft.x, t.v FROM ft, t WHERE ft MATCH 'world'"}) {
        CAPTURE(std::string(sql));
        CHECK(wrong_in(leaves_open(sql, shop(searchable))) == "");
    }
    CHECK(wrong_in(leaves_open("SELECT x FROM audit.entries", audited_shop(in_wal))) == "");
}

TEST_CASE("a statement that holds no lock is named and undone as well") {
    for (const char* const sql :
         {"WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM c)"
          " SELECT x FROM c",
          "VALUES (1), (2), (3)", "EXPLAIN SELECT * FROM t, lg",
          "EXPLAIN QUERY PLAN SELECT * FROM t", "PRAGMA table_info(t)",
          "SELECT value FROM json_each('[1, 2]')", "SELECT name FROM pragma_function_list",
          "SELECT * FROM (SELECT 1 UNION ALL SELECT 2)"}) {
        CAPTURE(std::string(sql));
        story told = leaves_open(sql, shop());
        told.then_in_copy_on_write = "VACUUM";
        told.then += ";PRAGMA cache_size = 7; PRAGMA cache_size = -2000";
        CHECK(wrong_in(told) == "");
    }
}

TEST_CASE("a query of a TEMP table that is left open is named and undone") {
    story told = leaves_open("SELECT x FROM temp.basket", shop());
    told.act = [](stage& at) {
        at.run("CREATE TEMP TABLE basket(x); INSERT INTO basket VALUES (1), (2)");
        at.engine.statement("SELECT x FROM temp.basket").executeStep();
    };
    CHECK(wrong_in(told) == "");
    told.seed = shop().on_connect([](SQLite::Database& db) {
        db.exec("CREATE TEMP TABLE basket(x); INSERT INTO basket VALUES (1), (2)");
    });
    told.act = leaves_open("SELECT x FROM temp.basket", shop()).act;
    CHECK(wrong_in(told) == "");
}

TEST_CASE("an interrupt while a statement is open disturbs no later test") {
    for (const char* const sql :
         {"SELECT id FROM t", "VALUES (1), (2), (3)", "SELECT * FROM ft WHERE ft MATCH 'world'"}) {
        CAPTURE(std::string(sql));
        story told = leaves_open(sql, shop(searchable));
        told.act = [sql](stage& at) {
            at.engine.statement(sql).executeStep();
            sqlite3_interrupt(at.db());
        };
        CHECK(wrong_in(told) == "");
    }
}

TEST_CASE("an interrupt while nothing is open passes") {
    story told{shop()};
    told.act = [](stage& at) {
        at.run("INSERT INTO t(v) VALUES ('x')");
        sqlite3_interrupt(at.db());
    };
    CHECK(wrong_in(told) == "");
}

TEST_CASE("a statement of an earlier test can be used and destroyed later") {
    const pristine as_new(shop());
    for (const isolite::mode each : modes) {
        for (const char* const sql : {"SELECT id FROM t", "INSERT INTO t(v) VALUES ('late')"}) {
            CHECK(wrong_in([&](witness& says) {
                      auto engine = opened(shop(), says);
                      sqlite3_stmt* left = nullptr;
                      test(engine, "culprit", each, [&] {
                          sqlite3* const db = engine.db().getHandle();
                          sqlite3_prepare_v2(db, sql, -1, &left, nullptr);
                          sqlite3_step(left);
                          engine.db().exec("PRAGMA cache_size = 7");
                      });
                      test(engine, "the next", isolite::mode::rollback, [&] {
                          sqlite3_step(left);
                          sqlite3_reset(left);
                          sqlite3_step(left);
                      });
                      sqlite3_finalize(left);
                      as_new.expect(engine, says);
                  }) == "");
        }
    }
}
