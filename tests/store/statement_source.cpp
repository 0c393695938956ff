#include "statement_source.hpp"

namespace isolite::store::tests {

namespace {

const std::string columns = "(k, a, b, c)";

std::string series(const std::string& rows) {
    return "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < " + rows +
           ") ";
}

} // namespace

std::string statement_source::next() {
    using maker = std::string (statement_source::*)();
    struct weighted {
        std::size_t weight;
        maker make;
    };
    static constexpr weighted makers[] = {
        {14, &statement_source::insert},      {6, &statement_source::insert_many},
        {5, &statement_source::upsert},       {10, &statement_source::update},
        {6, &statement_source::erase},        {12, &statement_source::query},
        {14, &statement_source::transaction}, {7, &statement_source::savepoint},
        {10, &statement_source::create},      {2, &statement_source::drop},
        {3, &statement_source::alter},        {5, &statement_source::full_text},
        {4, &statement_source::rtree},        {5, &statement_source::pragma},
        {4, &statement_source::maintenance},  {3, &statement_source::attachment},
        {3, &statement_source::temporary},
    };
    std::size_t total = 0;
    for (const weighted& each : makers) {
        total += each.weight;
    }
    std::size_t choice = dice_.below(total);
    for (const weighted& each : makers) {
        if (choice < each.weight) {
            return (this->*each.make)();
        }
        choice -= each.weight;
    }
    return query();
}

std::vector<std::string> statement_source::world(std::size_t fillings) {
    std::vector<std::string> statements;
    if (has_log_) {
        statements.push_back("PRAGMA journal_mode = WAL");
    }
    for (std::size_t which = 0; which < 7; ++which) {
        if (!dice_.one_in(6)) {
            statements.push_back(create_table(which));
        }
    }
    for (std::size_t i = 0; i < fillings; ++i) {
        statements.push_back(insert_many());
        statements.push_back(dice_.one_in(3) ? create() : full_text());
    }
    return statements;
}

std::string statement_source::long_text() {
    // Up to 100 kB, a few of which fill overflow pages; most are short.
    const std::size_t sizes[] = {10, 100, 1000, 5000, 40000, 100000};
    const std::size_t size = dice_.below(sizes[dice_.below(dice_.one_in(4) ? 6 : 3)]);
    const std::string text = "printf('%.*c', " + std::to_string(size) + ", '" +
                             static_cast<char>('a' + dice_.below(26)) + "')";
    return dice_.one_in(2) ? text : "CAST(" + text + " AS BLOB)";
}

std::string statement_source::value() {
    switch (dice_.below(9)) {
    case 0:
        return "NULL";
    case 1:
        return "-9223372036854775807";
    case 2:
        return number(1000) + "." + number(1000);
    case 3:
        return "x'00" + std::to_string(10 + dice_.below(90)) + "ff'";
    case 4:
        return "'text " + number(50) + "'";
    case 5:
    case 6:
        return long_text();
    default:
        return number(100);
    }
}

std::string statement_source::key() {
    return number(dice_.one_in(5) ? 2000 : 60);
}

std::string statement_source::table() {
    return pick({"t0", "t1", "t2", "t3", "t4", "t0", "t1", "main.t2"});
}

std::string statement_source::target() {
    return dice_.one_in(9) ? pick({"v0", "x0", "aux.a0", "temp.t0", "nowhere"}) : table();
}

std::string statement_source::condition() {
    // The plus signs keep indexes out where the order of the rows may decide the outcome.
    switch (dice_.below(6)) {
    case 0:
        return " WHERE +k = " + key();
    case 1:
        return " WHERE +k BETWEEN " + key() + " AND " + key();
    case 2:
        return " WHERE +k % " + std::to_string(2 + dice_.below(9)) + " = 0";
    case 3:
        return " WHERE +a IS " + value();
    case 4:
        return " WHERE length(+b) > " + number(5000);
    default:
        return dice_.one_in(4) ? "" : " WHERE +k < " + key();
    }
}

std::string statement_source::conflict() {
    return pick({"", "", "", " OR IGNORE", " OR REPLACE", " OR ABORT", " OR FAIL", " OR ROLLBACK"});
}

std::string statement_source::insert() {
    std::string rows;
    for (std::size_t count = dice_.below(3) + 1; count > 0; --count) {
        rows += (rows.empty() ? "(" : ", (") + (dice_.one_in(5) ? "NULL" : key()) + ", " + value() +
                ", " + value() + ", " + value() + ")";
    }
    return "INSERT" + conflict() + " INTO " + target() + columns + " VALUES " + rows +
           (dice_.one_in(6) ? " RETURNING k, a" : "");
}

std::string statement_source::insert_many() {
    const std::string rows = std::to_string(1 + dice_.below(dice_.one_in(4) ? 400 : 40));
    return series(rows) + "INSERT" + conflict() + " INTO " + target() + columns + " SELECT i + " +
           key() + ", i % " + std::to_string(1 + dice_.below(60)) + ", printf('%0" + number(700) +
           "d', i), " + value() + " FROM n";
}

std::string statement_source::upsert() {
    return "INSERT INTO " + target() + columns + " VALUES (" + key() + ", " + value() + ", " +
           value() + ", " + value() + ") ON CONFLICT" +
           pick({" DO NOTHING", "(k) DO UPDATE SET b = excluded.b, c = k",
                 " DO UPDATE SET a = excluded.a WHERE +k > 10"});
}

std::string statement_source::update() {
    const std::string change = pick({"a", "b", "c", "b", "k"});
    const std::string to =
        dice_.one_in(3) ? (change == "k" ? "k + " + key() : change + " || 'x'") : value();
    return "UPDATE" + conflict() + " " + target() + " SET " + change + " = " + to + condition();
}

std::string statement_source::erase() {
    return "DELETE FROM " + target() + condition() + (dice_.one_in(6) ? " RETURNING k" : "");
}

std::string statement_source::query() {
    switch (dice_.below(6)) {
    case 0:
        return "SELECT count(*), sum(k), min(a), max(length(b)) FROM " + target();
    case 1:
        return "SELECT x.k, x.a, y.k FROM t0 x JOIN " + table() +
               " y ON x.a = y.a WHERE y.k < 40 ORDER BY 1, 2, 3";
    case 2:
        return "SELECT * FROM " + target() + " ORDER BY 1, 2, 3, 4 LIMIT 50";
    case 3:
        return "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema ORDER BY rowid";
    case 4:
        return "SELECT a, count(*), sum(length(c)) FROM " + table() + " GROUP BY a ORDER BY 1";
    default:
        return "SELECT k, a, b, c FROM " + target() + condition() + " ORDER BY 1, 2, 3, 4";
    }
}

std::string statement_source::walk() {
    return "SELECT k, a, b FROM " + table() + " NOT INDEXED" + condition();
}

std::string statement_source::transaction() {
    return pick({"BEGIN", "BEGIN", "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE", "COMMIT", "COMMIT",
                 "COMMIT", "ROLLBACK"});
}

std::string statement_source::savepoint() {
    return pick({"SAVEPOINT ", "RELEASE ", "ROLLBACK TO ", "SAVEPOINT "}) +
           std::string(pick({"s0", "s1", "s2"}));
}

std::string statement_source::create() {
    switch (dice_.below(4)) {
    case 0:
        return create_trigger();
    case 1:
        return create_index();
    case 2:
        return "CREATE VIEW IF NOT EXISTS v0(k, a, b, c) AS SELECT " +
               std::string(pick({"k, a, b, c FROM t0",
                                 "x.k, y.a, x.b, y.c FROM t1 x JOIN t2 y "
                                 "ON x.k = y.k",
                                 "k, count(*), max(b), 1 FROM t3 GROUP BY k"}));
    default:
        return create_table(dice_.below(7));
    }
}

std::string statement_source::create_table(std::size_t which) {
    const std::string start = "CREATE TABLE IF NOT EXISTS ";
    switch (which) {
    case 0:
        return start + "t0" +
               pick({"(k INTEGER PRIMARY KEY, a, b, c)", "(k, a TEXT, b, c BLOB, UNIQUE(a, k))",
                     "(k PRIMARY KEY, a, b CHECK (b IS NULL OR length(b) < 50000), c DEFAULT 7)",
                     " AS SELECT 1 AS k, 2 AS a, 3 AS b, 4 AS c"});
    case 1:
        return start + "t1(k INTEGER PRIMARY KEY AUTOINCREMENT, a NOT NULL, b, c)";
    case 2:
        return start + "t2(k, a, b, c, PRIMARY KEY (k, a)) WITHOUT ROWID";
    case 3:
        return start + "t3(k INTEGER PRIMARY KEY, a, b, c, g AS (a || '-'), "
                       "h AS (length(b)) STORED)";
    case 4:
        return start + "t4(k INTEGER PRIMARY KEY, a REFERENCES t1(k) ON DELETE " +
               pick({"CASCADE", "SET NULL", "RESTRICT"}) +
               pick({"", " DEFERRABLE INITIALLY DEFERRED"}) + ", b, c)";
    case 5:
        return "CREATE VIRTUAL TABLE IF NOT EXISTS f0 USING fts5(a, b)";
    default:
        return "CREATE VIRTUAL TABLE IF NOT EXISTS r0 USING rtree(k, x0, x1, y0, y1)";
    }
}

std::string statement_source::create_trigger() {
    switch (dice_.below(4)) {
    case 0:
        return "CREATE TRIGGER IF NOT EXISTS r_copy AFTER INSERT ON t0 BEGIN "
               "INSERT OR IGNORE INTO t2(k, a, b) VALUES (new.k, new.a, new.b); END";
    case 1:
        return "CREATE TRIGGER IF NOT EXISTS r_view INSTEAD OF INSERT ON v0 BEGIN "
               "INSERT INTO t1(k, a, b, c) VALUES (new.k, new.a, new.b, new.c); END";
    case 2:
        return "CREATE TRIGGER IF NOT EXISTS r_raise BEFORE DELETE ON t3 WHEN old.k = 7 BEGIN "
               "SELECT RAISE(" +
               std::string(pick({"ABORT", "FAIL", "ROLLBACK"})) + ", 'seven stays'); END";
    default:
        return "CREATE TRIGGER IF NOT EXISTS r_update UPDATE OF b ON t1 BEGIN "
               "DELETE FROM t4 WHERE a = old.k; END";
    }
}

std::string statement_source::create_index() {
    return "CREATE " + std::string(pick({"", "", "UNIQUE "})) + "INDEX IF NOT EXISTS i" +
           number(5) + " ON " + pick({"t0", "t1", "t2", "t3", "t4"}) +
           pick({"(a)", "(b, a)", "(length(b))", "(c) WHERE a > 5", "(a DESC, k)"});
}

std::string statement_source::drop() {
    return dice_.one_in(3)
               ? "DROP INDEX IF EXISTS i" + number(5)
               : "DROP " +
                     std::string(pick({"TABLE t0", "TABLE t1", "TABLE t2", "TABLE t3", "TABLE t4",
                                       "TABLE f0", "TABLE r0", "VIEW v0", "TRIGGER r_copy",
                                       "TRIGGER r_raise", "TABLE renamed"}));
}

std::string statement_source::alter() {
    const std::string start = "ALTER TABLE " + table();
    switch (dice_.below(6)) {
    case 0:
        return start + " ADD COLUMN d" + number(3) + " DEFAULT " + number(9);
    case 1:
        return start + " DROP COLUMN d" + number(3);
    case 2:
        return start + " RENAME COLUMN d" + number(3) + " TO d" + number(3);
    case 3:
        return start + " RENAME TO renamed";
    case 4:
        return "ALTER TABLE renamed RENAME TO " + std::string(pick({"t0", "t1", "t3"}));
    default:
        return "REINDEX";
    }
}

std::string statement_source::full_text() {
    const auto words = [this] {
        std::string text;
        for (std::size_t count = dice_.below(30); count > 0; --count) {
            text += "w" + number(40) + " ";
        }
        return "'" + text + "'";
    };
    switch (dice_.below(7)) {
    case 0:
        return "DELETE FROM f0 WHERE rowid % 7 = " + number(7);
    case 1:
        return "UPDATE f0 SET b = " + words() + " WHERE rowid = " + key();
    case 2:
        return "SELECT rowid, a FROM f0 WHERE f0 MATCH 'w" + number(40) + "' ORDER BY rowid";
    case 3:
        return "INSERT INTO f0(f0) VALUES ('" +
               std::string(pick({"optimize", "rebuild", "integrity-check"})) + "')";
    case 4:
        return series(number(60)) + "INSERT INTO f0(a, b) SELECT 'w' || (i % 9), " + words() +
               " FROM n";
    default:
        return "INSERT INTO f0(rowid, a, b) VALUES (" + key() + ", " + words() + ", " + words() +
               ")";
    }
}

std::string statement_source::rtree() {
    switch (dice_.below(5)) {
    case 0:
        return "DELETE FROM r0 WHERE k % 5 = " + number(5);
    case 1:
        return "SELECT k, x0, y1 FROM r0 WHERE x0 > " + key() + " AND y1 < " + key() +
               " ORDER BY 1";
    case 2:
        return series(number(120)) + "INSERT OR IGNORE INTO r0 SELECT i + " + key() +
               ", i, i + 2, i % 10, i % 10 + 1 FROM n";
    case 3:
        return "SELECT rtreecheck('r0')";
    default:
        return "INSERT INTO r0 VALUES (" + key() + ", " + number(50) + ", " + number(90) +
               ", 1, 2)";
    }
}

std::string statement_source::pragma() {
    if (has_log_ && dice_.one_in(2)) {
        return log();
    }
    return "PRAGMA " + std::string(pick({"integrity_check",
                                         "quick_check",
                                         "user_version",
                                         "user_version = 5",
                                         "user_version = 77",
                                         "foreign_keys = ON",
                                         "foreign_keys = OFF",
                                         "cache_size = 3",
                                         "cache_size = 20",
                                         "cache_size = -2000",
                                         "cache_spill = OFF",
                                         "cache_spill = ON",
                                         "main.mmap_size = 1000000",
                                         "application_id = 99",
                                         "freelist_count",
                                         "page_count",
                                         "foreign_key_check",
                                         "recursive_triggers = ON",
                                         "defer_foreign_keys = ON",
                                         "table_info(t0)",
                                         "index_list(t1)",
                                         "journal_mode = DELETE",
                                         "journal_mode = TRUNCATE",
                                         "journal_mode = PERSIST",
                                         "journal_mode = MEMORY",
                                         "secure_delete = FAST"}));
}

std::string statement_source::log() {
    return "PRAGMA " +
           std::string(
               pick({"wal_checkpoint", "wal_checkpoint(FULL)", "wal_checkpoint(RESTART)",
                     "wal_checkpoint(TRUNCATE)", "wal_autocheckpoint = 0", "wal_autocheckpoint = 3",
                     "wal_autocheckpoint = 1000", "journal_mode = WAL", "main.journal_mode = WAL",
                     "journal_mode", "journal_mode = DELETE", "locking_mode"}));
}

std::string statement_source::maintenance() {
    switch (dice_.below(4)) {
    case 0:
        return "PRAGMA page_size = " + std::string(pick({"512", "1024", "4096", "8192", "65536"})) +
               "; VACUUM";
    case 1:
        return "PRAGMA auto_vacuum = " + std::string(pick({"NONE", "FULL", "INCREMENTAL"})) +
               "; VACUUM";
    case 2:
        return "PRAGMA incremental_vacuum(" + number(20) + ")";
    default:
        return "VACUUM";
    }
}

std::string statement_source::attachment() {
    return pick({"ATTACH 'second.db' AS aux", "ATTACH 'second.db' AS aux", "DETACH aux",
                 "CREATE TABLE IF NOT EXISTS aux.a0(k INTEGER PRIMARY KEY, a, b, c)",
                 "INSERT INTO aux.a0 SELECT NULL, a, b, c FROM main.t0",
                 "INSERT INTO main.t1(a, b, c) SELECT k, a, b FROM aux.a0 LIMIT 20",
                 "DELETE FROM aux.a0 WHERE k % 2", "SELECT count(*) FROM aux.a0"});
}

std::string statement_source::temporary() {
    return pick({"CREATE TEMP TABLE IF NOT EXISTS x0(k INTEGER PRIMARY KEY, a, b, c)",
                 "CREATE TEMP TABLE IF NOT EXISTS x0 AS SELECT k, a, b, c FROM t1",
                 "INSERT INTO x0 SELECT NULL, a, b, c FROM t0 WHERE k < 50",
                 "CREATE TEMP TRIGGER IF NOT EXISTS x_copy AFTER INSERT ON main.t0 BEGIN "
                 "INSERT INTO x0(a) VALUES (new.k); END",
                 "DROP TABLE IF EXISTS x0", "SELECT count(*), sum(a) FROM x0"});
}

} // namespace isolite::store::tests
