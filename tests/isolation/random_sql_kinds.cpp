#include "random_kind.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <exception>

// Statements that are nothing but SQL: queries, writes and the schema.

namespace {

kind query(std::string name, std::string text) {
    return sql(std::move(name), P, P, trait::tame | trait::reads, std::move(text));
}

kind write(std::string name, std::string text) {
    return sql(std::move(name), P, P, trait::tame | trait::suite, std::move(text));
}

kind ddl(std::string name, std::string text) {
    return sql(std::move(name), P, P, trait::suite, std::move(text));
}

template <typename Ask>
kind asked(std::string name, Ask ask) {
    return {std::move(name), P, P, trait::own | trait::tame, [ask](act& a) {
                try {
                    a.w.note(ask(a.w.engine()));
                } catch (const std::exception& problem) {
                    a.w.note(problem.what());
                    a.done = false;
                }
            }};
}

} // namespace

std::vector<kind> query_kinds() {
    using isolite::engine;
    return {
        query("count", "SELECT count(*) FROM {t|big|lg|seq|wr|p}"),
        query("all rows", "SELECT * FROM {t|one|lg|seq|wr|p|c|d|vw}"),
        query("rows in the order of a plan", "SELECT id FROM big WHERE a = 1 AND b IN (1, 2, 3)"),
        query("join", "SELECT t.id, big.a FROM t JOIN big ON big.b = t.id ORDER BY 1, 2 LIMIT 9"),
        query("group", "SELECT a, count(*), max(s) FROM big GROUP BY a HAVING count(*) > 2"),
        query("window", "SELECT id, sum(a) OVER (ORDER BY id) FROM big LIMIT 7"),
        query("recursion", "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n "
                           "WHERE i < #) SELECT count(*) FROM n"),
        query("match", "SELECT rowid, x FROM ft WHERE ft MATCH '{world|hello|bye}'"),
        query("range", "SELECT id FROM rt WHERE x0 > {0|4|6}"),
        query("sqlite_schema", "SELECT type, name, rootpage FROM sqlite_schema"),
        query("sqlite_sequence", "SELECT * FROM sqlite_sequence"),
        sql("explain", P, P, trait::tame | trait::reads | trait::unpaired, // tells the cookie
            "EXPLAIN SELECT * FROM t WHERE id = 1"),
        query("explain query plan", "EXPLAIN QUERY PLAN SELECT * FROM big WHERE a = 1 AND b = 2"),
        query("changes()", "SELECT changes()"),
        query("last_insert_rowid()", "SELECT last_insert_rowid()"),
        sql("total_changes()", P, P, trait::tame | trait::reads | trait::unpaired,
            "SELECT total_changes()"),
        sql("random()", P, P, trait::tame | trait::reads | trait::unpaired, "SELECT random()"),
        query("dbstat", "SELECT name, pageno FROM dbstat WHERE name = 'big'"),
        query("a table-valued pragma", "SELECT name FROM pragma_table_info('{t|big|one}')"),
        query("a reading pragma", "PRAGMA {table_info(t)|index_list(big)|foreign_key_list(c)|"
                                  "integrity_check|quick_check|foreign_key_check|table_xinfo(one)|"
                                  "database_list|page_count|freelist_count|user_version}"),
        query("json", "SELECT json_group_array(v) FROM t"),
        query("like", "SELECT count(*) FROM big WHERE s LIKE 'ROW 1%'"),
        query("a syntax error or none", "SELECT {1|1|FROM}"),
        sql("a query of audit", P, P, trait::tame | trait::attached, "SELECT * FROM audit.entries"),
        sql("on_connect's function", P, P, trait::tame | trait::prepared | trait::own,
            "SELECT twice(#)"),
        asked("value()",
              [](engine& e) { return std::to_string(e.value<int>("SELECT * FROM one")); }),
        asked("value() of a view",
              [](engine& e) {
                  return std::to_string(e.value<int>("SELECT * FROM vw WHERE id = 1"));
              }),
        asked("statement()",
              [](engine& e) {
                  SQLite::Statement& kept = e.statement("SELECT * FROM t ORDER BY v DESC");
                  std::string told = std::to_string(kept.getColumnCount());
                  while (kept.executeStep()) {
                      told += " " + kept.getColumn(1).getString();
                  }
                  kept.reset();
                  return told;
              }),
        asked("execute()",
              [](engine& e) {
                  return std::to_string(e.execute("INSERT INTO t(v) VALUES (?)", "executed"));
              }),
        asked("kept()", [](engine& e) { return e.kept<clerk>().report(); }),
        asked("a pragma by execute()",
              [](engine& e) { return std::to_string(e.execute("PRAGMA user_version = 9")); }),
    };
}

std::vector<kind> write_kinds() {
    return {
        write("insert", "INSERT INTO t(v) VALUES ('{x|y|z}#')"),
        write("insert into lg", "INSERT INTO lg VALUES ('#'), ('#')"),
        write("insert many", "INSERT INTO big(a, b, s) SELECT a + #, b, s FROM big LIMIT #"),
        write("insert or ignore", "INSERT OR IGNORE INTO t VALUES (#, 'ignored'), (1, 'x')"),
        write("insert or fail", "INSERT OR FAIL INTO t VALUES (#, 'a'), ({1|7|9}, 'b')"),
        write("replace", "REPLACE INTO t VALUES ({1|2|#}, 'r#')"),
        write("upsert", "INSERT INTO t VALUES ({1|#}, 'u') ON CONFLICT DO UPDATE SET v = 'up'"),
        write("insert returning", "INSERT INTO seq(v) VALUES (#) RETURNING id, v"),
        write("insert through a view", "INSERT INTO vw VALUES (#)"),
        write("update", "UPDATE t SET v = v || '{+|-}' WHERE id < #"),
        write("update an index", "UPDATE big SET a = b, b = # WHERE id % {2|3|5} = 0"),
        write("update from", "UPDATE big SET s = t.v FROM t WHERE t.id = big.b"),
        write("update a key", "UPDATE t SET id = id + 1000 WHERE id = {1|2|3}"),
        write("delete", "DELETE FROM {t|big|wr|lg} WHERE {1|0}"),
        write("delete some", "DELETE FROM big WHERE id % {2|3} = 0"),
        write("delete and cascade", "DELETE FROM p WHERE id = 2"),
        write("delete with limit 0", "DELETE FROM t WHERE 0"),
        write("autoincrement", "INSERT INTO seq(v) VALUES ('#'); DELETE FROM seq WHERE id > 1"),
        write("set a sequence", "UPDATE sqlite_sequence SET seq = # WHERE name = 'seq'"),
        write("without rowid", "INSERT OR REPLACE INTO wr VALUES ('{k|x}#', #)"),
        write("a large blob", "INSERT INTO t(v) VALUES (zeroblob(#000))"),
        write("a violated key", "INSERT INTO {d|t(id)} VALUES ({1|7})"),
        write("a deferred key", "INSERT INTO c VALUES (1)"),
        // Another statement may resolve it.
        sql("an unresolved key", E, E, 0, "INSERT INTO c VALUES (999)"),
        write("a key resolved later", "INSERT INTO p VALUES (#0, 'u#'); DELETE FROM c"),
        write("fts insert", "INSERT INTO ft VALUES ('hello {you|world} #')"),
        write("fts delete", "DELETE FROM ft WHERE rowid = {1|2}"),
        write("fts command", "INSERT INTO ft(ft) VALUES ('{optimize|rebuild|integrity-check}')"),
        write("fts setting", "INSERT INTO ft(ft, rank) VALUES ('{automerge|pgsz}', {8|64})"),
        write("rtree insert", "INSERT INTO rt VALUES (#0, #, 200)"),
        write("rtree delete", "DELETE FROM rt WHERE id = {1|2}"),
        write("user_version", "PRAGMA user_version = #"),
        write("application_id", "PRAGMA application_id = #"),
        sql("default_cache_size", E, E, 0, "PRAGMA default_cache_size = #"),
        sql("write to audit", P, P, trait::tame | trait::attached | trait::suite,
            "INSERT INTO audit.entries VALUES (#)"),
        sql("delete from audit", P, P, trait::tame | trait::attached, "DELETE FROM audit.entries"),
        sql("write to both", P, P, trait::tame | trait::attached,
            "INSERT INTO audit.entries SELECT v FROM t; UPDATE t SET v = 'audited'"),
        sql("audit.user_version", P, P, trait::tame | trait::attached,
            "PRAGMA audit.user_version = #"),
    };
}

std::vector<kind> schema_kinds() {
    return {
        ddl("create table", "CREATE TABLE {IF NOT EXISTS |}n#(a, b)"),
        ddl("create table as", "CREATE TABLE copy# AS SELECT * FROM t"),
        ddl("create a strict table", "CREATE TABLE strict#(a INT, b TEXT) STRICT"),
        ddl("create a generated column", "CREATE TABLE g#(a, b AS (a + 1) STORED, c AS (a))"),
        ddl("create index", "CREATE INDEX i# ON big({s|a, b|b DESC|abs(a)})"),
        ddl("create a partial index", "CREATE INDEX pi# ON big(s) WHERE a > 3"),
        ddl("create a unique index", "CREATE UNIQUE INDEX u# ON {t(id)|big(id)|wr(k)}"),
        ddl("create view", "CREATE VIEW v# AS SELECT * FROM t"),
        ddl("create trigger", "CREATE TRIGGER tr# AFTER INSERT ON t BEGIN "
                              "INSERT INTO lg VALUES ('trigger'); END"),
        ddl("create fts", "CREATE VIRTUAL TABLE f USING {fts5|fts4}(y); INSERT INTO f VALUES (1)"),
        ddl("create rtree", "CREATE VIRTUAL TABLE r# USING rtree(i, a0, a1)"),
        ddl("drop table", "DROP TABLE {lg|big|seq|wr|fatal|d}"),
        ddl("drop and create a table", "DROP TABLE one; CREATE TABLE one(x, y);"
                                       "INSERT INTO one VALUES (1, 2)"),
        ddl("drop a virtual table", "DROP TABLE {ft|rt}"),
        ddl("drop index", "DROP INDEX big_{a|b}"),
        ddl("drop view", "DROP VIEW vw"),
        ddl("another view", "DROP VIEW vw; CREATE VIEW vw AS SELECT id, v FROM t"),
        ddl("drop trigger", "DROP TRIGGER {danger|t_log}"),
        ddl("add a column", "ALTER TABLE {one|t|lg} ADD COLUMN more{| DEFAULT 5}"),
        ddl("rename a table", "ALTER TABLE {lg|one|wr} RENAME TO renamed"),
        ddl("rename a column", "ALTER TABLE {seq|t} RENAME COLUMN v TO w"),
        ddl("drop a column", "ALTER TABLE {big DROP COLUMN s|wr DROP COLUMN n}"),
        ddl("reindex", "REINDEX {big|big_a}"),
        sql("analyze", P, P, 0, "UPDATE big SET a = {1|b}; ANALYZE {big|}"),
        sql("delete statistics", P, P, 0,
            "ANALYZE; DELETE FROM sqlite_stat1; ANALYZE sqlite_schema"),
        sql("optimize", P, P, trait::unpaired, // asks what earlier tests have queried
            "SELECT * FROM big WHERE a = 1; PRAGMA optimize"),
        sql("optimize with a mask", P, P, trait::unpaired, "PRAGMA optimize = {0xfffe|-1|2}"),
        sql("create a table in audit", P, P, trait::attached, "CREATE TABLE audit.n#(a)"),
        sql("drop a table of audit", P, P, trait::attached, "DROP TABLE audit.entries"),
        sql("a table that hides another", P, P, trait::attached, "CREATE TABLE audit.t(other)"),
        sql("edit the schema", E, E, trait::own,
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE t(id "
            "INTEGER "
            "PRIMARY KEY, v TEXT, phantom)' WHERE name = 't'; PRAGMA writable_schema = "
            "{RESET|OFF}"),
        sql("edit the schema and read", E, E, trait::own,
            "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = 'CREATE TABLE one(b, a)' "
            "WHERE name = 'one'; PRAGMA writable_schema = RESET; SELECT b FROM one"),
        sql("schema_version", E, E, trait::own | trait::unpaired, "PRAGMA schema_version = {1|#}"),
        {"a cookie that comes back", E, E, trait::own,
         [](act& a) {
             const std::string cookie = answer(a.h, "PRAGMA schema_version");
             a.run("CREATE TABLE phantom(a); PRAGMA schema_version = " +
                   cookie.substr(0, cookie.find('|')) + "; SELECT * FROM phantom");
         }},
        sql("another encoding", E, E, trait::own, "PRAGMA encoding = 'UTF-16le'"),
        sql("vacuum", E, P, 0, "VACUUM"),
        sql("vacuum another page size", E, P, trait::own, "PRAGMA page_size = {512|2048}; VACUUM"),
        sql("vacuum with auto_vacuum", E, P, trait::own, "PRAGMA auto_vacuum = {1|2|0}; VACUUM"),
        sql("incremental vacuum", P, P, 0, "DELETE FROM big; PRAGMA incremental_vacuum(#)"),
        sql("vacuum into a file", E, P, trait::own, "VACUUM INTO 'copy.db'"),
        sql("vacuum audit", E, P, trait::attached, "VACUUM audit"),
        {"reset the database", E, E, trait::own,
         [](act& a) {
             sqlite3_db_config(a.h, SQLITE_DBCONFIG_RESET_DATABASE, 1, nullptr);
             a.run("VACUUM");
             sqlite3_db_config(a.h, SQLITE_DBCONFIG_RESET_DATABASE, 0, nullptr);
             a.run("CREATE TABLE x(a); INSERT INTO x VALUES (1); SELECT * FROM x");
         }},
    };
}
