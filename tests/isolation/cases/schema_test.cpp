#include "story.hpp"
#include "view.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <string>

// What SQLite keeps of a schema in memory: it must be what the file says.

namespace {

const std::string big =
    "CREATE TABLE big(id INTEGER PRIMARY KEY, a INT, b INT);"
    "CREATE INDEX big_a ON big(a); CREATE INDEX big_b ON big(b);"
    "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
    "INSERT INTO big SELECT i, i % 20, i % 7 FROM n;";

const std::string plans = "EXPLAIN QUERY PLAN SELECT * FROM big WHERE a = 1 AND b = 2;"
                          "SELECT group_concat(id) FROM"
                          " (SELECT id FROM big WHERE a = 1 AND b IN (1, 2, 3) AND id < 200);";

story undone(const isolite::seed& seed, const std::string& sql, const std::string& then = "") {
    story told{seed, sql};
    told.may_fail = true;
    told.then += ";" + then;
    return told;
}

/// Returns a story whose test makes the database anew, so that the schema's cookie returns.
story made_anew(const isolite::seed& seed, const std::string& statements) {
    story told = undone(seed, "", "SELECT * FROM x");
    told.act = [statements](stage& at) {
        sqlite3_db_config(at.db(), SQLITE_DBCONFIG_RESET_DATABASE, 1, nullptr);
        at.attempt("VACUUM");
        sqlite3_db_config(at.db(), SQLITE_DBCONFIG_RESET_DATABASE, 0, nullptr);
        at.attempt(statements);
    };
    told.in_rollback = either(); // VACUUM is refused there
    return told;
}

} // namespace

TEST_CASE("a schema whose cookie returns is read again") {
    for (const std::string& more : {std::string(), std::string(in_wal)}) {
        CAPTURE(more);
        CHECK(wrong_in(made_anew(shop(more), "CREATE TABLE x(a); INSERT INTO x VALUES (1);"
                                             "SELECT * FROM x")) == "");
        CHECK(wrong_in(made_anew(shop(more), "CREATE TABLE t(q, r); CREATE TABLE lg(n, o);"
                                             "INSERT INTO t VALUES (7, 8)")) == "");
    }
}

TEST_CASE("a schema whose version a test sets back is read again") {
    for (const char* const change :
         {"CREATE TABLE phantom(a)", "ALTER TABLE t ADD COLUMN phantom",
          "CREATE INDEX phantom ON t(v)", "DROP TABLE lg",
          "CREATE TRIGGER phantom AFTER INSERT ON t BEGIN INSERT INTO lg VALUES ('fired'); END",
          "CREATE VIEW phantom AS SELECT * FROM t", "ALTER TABLE t RENAME TO phantom"}) {
        CAPTURE(std::string(change));
        story told = undone(shop(), "", "SELECT * FROM phantom");
        told.act = [change](stage& at) {
            const std::string version =
                std::to_string(at.engine.db().execAndGet("PRAGMA schema_version").getInt());
            at.run(change);
            at.run("PRAGMA schema_version = " + version + "; SELECT count(*) FROM sqlite_schema");
        };
        CHECK(wrong_in(told) == "");
    }
    story of_audit = undone(audited_shop(), "", "SELECT * FROM audit.phantom");
    of_audit.act = [](stage& at) {
        const std::string version =
            std::to_string(at.engine.db().execAndGet("PRAGMA audit.schema_version").getInt());
        at.run("CREATE TABLE audit.phantom(a); PRAGMA audit.schema_version = " + version);
    };
    CHECK(wrong_in(of_audit) == "");
}

TEST_CASE("an edited schema is undone in memory too") {
    const auto edit = [](const std::string& schema, const std::string& table, const char* end) {
        return "PRAGMA writable_schema = ON; UPDATE " + schema +
               ".sqlite_schema SET sql = "
               "'CREATE TABLE " +
               table +
               "(id INTEGER PRIMARY KEY, v TEXT, phantom)' "
               "WHERE name = '" +
               table + "'; " + end + "; SELECT phantom FROM " + table;
    };
    const auto told = [](const isolite::seed& seed, const std::string& sql,
                         const std::string& then) {
        story all = undone(seed, sql, then);
        all.in_rollback = all.in_copy_on_write = either();
        return all;
    };
    CHECK(wrong_in(told(shop(), edit("main", "t", "PRAGMA writable_schema = RESET"),
                        "SELECT phantom FROM t")) == "");
    CHECK(wrong_in(told(audited_shop(), edit("audit", "entries", "PRAGMA writable_schema = RESET"),
                        "SELECT phantom FROM audit.entries")) == "");
    CHECK(wrong_in(told(shop(), edit("main", "t", "PRAGMA writable_schema = OFF; ANALYZE"),
                        "SELECT phantom FROM t")) == "");
    CHECK(wrong_in(told(shop(),
                        "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema "
                        "WHERE name = 'lg'; PRAGMA writable_schema = RESET",
                        "SELECT * FROM lg")) == "");
}

TEST_CASE("statistics and plans are those of the seed") {
    for (const std::string& more : {big, big + "ANALYZE;"}) {
        for (const char* const sql :
             {"UPDATE big SET a = 1, b = id; ANALYZE", "ANALYZE big_b", "ANALYZE main.big",
              "SELECT * FROM big WHERE a = 1; PRAGMA optimize", "PRAGMA optimize(0x10002)",
              "PRAGMA analysis_limit = 10; ANALYZE; PRAGMA analysis_limit = 0",
              "ANALYZE; DROP TABLE sqlite_stat1", "ANALYZE; DELETE FROM sqlite_stat1",
              "ANALYZE; UPDATE sqlite_stat1 SET stat = '1 1'; ANALYZE sqlite_schema"}) {
            CAPTURE(more.size());
            CAPTURE(std::string(sql));
            CHECK(wrong_in(undone(shop(more), sql, plans)) == "");
        }
    }
}

TEST_CASE("statistics of an attached database are those of its seed") {
    const auto seed = shop().attach("audit", isolite::seed("audit").sql(big + "ANALYZE;"));
    CHECK(wrong_in(undone(seed, "UPDATE audit.big SET a = 1, b = id; ANALYZE audit", plans)) == "");
    CHECK(wrong_in(undone(seed, "PRAGMA audit.optimize(0x10002); ANALYZE", plans)) == "");
}

TEST_CASE("a kept statement has the columns that its tables have now") {
    const auto seed = shop("CREATE TABLE one(a); INSERT INTO one VALUES (42);"
                           "CREATE VIEW vw AS SELECT id FROM t;");
    for (const isolite::mode each : modes) {
        CHECK(wrong_in([&](witness& says) {
                  auto engine = opened(seed, says);
                  const auto add = [&](const char* sql) {
                      engine.db().exec(sql);
                      static_cast<void>(engine.statement("SELECT * FROM one").executeStep());
                      static_cast<void>(engine.statement("SELECT * FROM vw").executeStep());
                  };
                  const auto innocent_ones = [&] {
                      const int one = engine.value<int>("SELECT * FROM one");
                      says.expect(one == 42, "one is " + std::to_string(one));
                      const int id = engine.value<int>("SELECT * FROM vw WHERE id = 1");
                      says.expect(id == 1, "id is " + std::to_string(id));
                  };
                  const auto own_columns = [&] {
                      engine.db().exec("DROP VIEW vw; CREATE VIEW vw AS SELECT id, v FROM t");
                      SQLite::Statement& kept = engine.statement("SELECT * FROM vw WHERE id = 1");
                      kept.executeStep();
                      says.expect_equal(kept.getColumn(1).getString(), "a", "its own column");
                      kept.reset();
                  };
                  for (int i = 0; i < 2; ++i) {
                      test(engine, "adds", each, [&] { add("ALTER TABLE one ADD COLUMN b"); });
                      innocent(engine, says, each, innocent_ones);
                      test(engine, "drops", each, [&] {
                          add("DROP VIEW vw; CREATE VIEW vw AS SELECT id, v, 1, 2 FROM t");
                      });
                      innocent(engine, says, each, innocent_ones);
                      innocent(engine, says, each, own_columns);
                      innocent(engine, says, each, innocent_ones);
                  }
              }) == "");
    }
}

TEST_CASE("schema changes of a rollback leave nothing in memory") {
    for (const char* const sql :
         {"CREATE TABLE phantom(a)", "DROP TABLE t", "ALTER TABLE t RENAME COLUMN v TO phantom",
          "CREATE INDEX phantom ON t(v); REINDEX", "DROP TABLE lg; CREATE TABLE lg(m, phantom)",
          "CREATE VIRTUAL TABLE phantom USING fts5(a); INSERT INTO phantom VALUES ('x')",
          "CREATE VIRTUAL TABLE phantom USING rtree(id, a, b)",
          "INSERT INTO ft(ft) VALUES ('rebuild'); INSERT INTO ft(ft, rank) VALUES ('pgsz', 100)",
          "INSERT INTO ft(ft, rank) VALUES ('automerge', 3); INSERT INTO ft VALUES ('m n')",
          "DELETE FROM ft; INSERT INTO ft(ft) VALUES ('optimize'); DROP TABLE rt"}) {
        CAPTURE(std::string(sql));
        const auto seed = shop("CREATE VIRTUAL TABLE ft USING fts5(x);"
                               "INSERT INTO ft VALUES ('hello world'), ('bye world');"
                               "CREATE VIRTUAL TABLE rt USING rtree(id, x1, x2);"
                               "INSERT INTO rt VALUES (1, 0, 1), (2, 1, 2);");
        CHECK(
            wrong_in(undone(seed, sql,
                            "INSERT INTO ft VALUES ('new world'); INSERT INTO rt VALUES (3, 1, 2);"
                            "SELECT rowid, * FROM ft WHERE ft MATCH 'world';"
                            "SELECT * FROM rt WHERE x1 >= 0; SELECT * FROM ft_data;"
                            "SELECT * FROM ft_config; SELECT * FROM phantom")) == "");
    }
}

TEST_CASE("the settings of a full-text index go with their test") {
    const auto seed = shop("CREATE VIRTUAL TABLE ft USING fts5(x);"
                           "INSERT INTO ft VALUES ('hello world'), ('bye world');");
    for (const char* const setting :
         {"'pgsz', 64", "'automerge', 8", "'crisismerge', 8", "'usermerge', 8"}) {
        CAPTURE(std::string(setting));
        story told{seed, "INSERT INTO ft(ft, rank) VALUES (" + std::string(setting) + ")"};
        told.then = "INSERT INTO ft(ft) VALUES ('rebuild'); SELECT id, hex(block) FROM ft_data;"
                    "SELECT * FROM ft_config";
        CHECK(wrong_in(told) == "");
    }
}

TEST_CASE("a TEMP trigger is gone even when another connection dropped its table") {
    for (const char* const sql :
         {"DROP TABLE t", "ALTER TABLE t RENAME TO other", "DROP TABLE t; CREATE TABLE t(other)"}) {
        CAPTURE(std::string(sql));
        story told{shop()};
        told.act = [sql](stage& at) {
            at.run("CREATE TEMP TRIGGER ttr AFTER INSERT ON main.t BEGIN "
                   "INSERT INTO lg VALUES ('trigger of culprit'); END");
            if (at.mode == isolite::mode::copy_on_write) {
                at.engine.connect()->exec(sql);
            }
        };
        told.in_copy_on_write = fails({"left the temporary trigger 'ttr' behind"});
        CHECK(wrong_in(told) == "");
    }
}

TEST_CASE("the encoding that a test chose is undone") {
    story told{isolite::seed("empty").sql("PRAGMA user_version = 1;"),
               "PRAGMA encoding = 'UTF-16le'; CREATE TABLE x(a)"};
    told.in_rollback = told.in_copy_on_write = either();
    told.then = "PRAGMA encoding; CREATE TABLE x(a); INSERT INTO x VALUES ('abc');"
                "SELECT hex(CAST(a AS BLOB)) FROM x";
    CHECK(wrong_in(told) == "");
}

TEST_CASE("reserved bytes that a test asked for are undone") {
    for (const char* const schema : {"main", "audit"}) {
        story told{audited_shop()};
        told.act = [schema](stage& at) {
            int bytes = 16;
            sqlite3_file_control(at.db(), schema, SQLITE_FCNTL_RESERVE_BYTES, &bytes);
        };
        told.in_rollback = told.in_copy_on_write = either();
        told.then_in_copy_on_write = "VACUUM; VACUUM audit";
        CHECK(wrong_in(told) == "");
    }
}
