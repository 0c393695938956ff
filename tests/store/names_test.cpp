#include "connection.hpp"
#include "store/directory.hpp"

#include <doctest/doctest.h>

#include <ostream>
#include <utility>

// Databases may be called as SQLite would call the journal or the log of another.

using namespace isolite::store;
using isolite::store::tests::connection;
using isolite::store::tests::unique_name;

namespace {

const std::vector<std::string> suffixes{"-journal",         "-wal",     "-shm",
                                        "-journal-journal", "-wal-wal", "-wal-journal"};
const std::vector<std::string> modes{"DELETE", "TRUNCATE", "PERSIST", "WAL"};

/// Two databases, each written by a connection, one in a transaction that is rolled back.
struct neighbours {
    std::string name = unique_name("sales");
    std::string other_name;
    std::shared_ptr<store> file;
    std::shared_ptr<store> other_file;

    explicit neighbours(const std::string& suffix)
        : other_name(name + suffix), file(directory::of_process().create(name, nullptr)),
          other_file(directory::of_process().create(other_name, nullptr)) {}

    static void fill(connection& database, const std::string& mode) {
        database.rows("PRAGMA journal_mode = " + mode +
                      "; PRAGMA cache_size = 2; CREATE TABLE t(a INTEGER PRIMARY KEY, b);"
                      "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE "
                      "i < 50) INSERT INTO t SELECT i, printf('%0400d', i) FROM n");
    }
    static void check_full(const std::string& name) {
        CAPTURE(name);
        connection reader(name);
        CHECK(reader.value("SELECT count(*) FROM t WHERE b LIKE '0%'") == "50");
        CHECK(reader.value("PRAGMA integrity_check") == "'ok'");
    }
    void check_full() const {
        check_full(name);
        check_full(other_name);
    }
};

std::vector<std::string> since(std::uint64_t generation) {
    return directory::of_process().remove_since(generation);
}

} // namespace

TEST_SUITE("names of databases") {
    TEST_CASE("one that ends like a journal or a log is apart from the database before its end") {
        for (const std::string& suffix : suffixes) {
            for (const std::string& mode : modes) {
                CAPTURE(suffix);
                CAPTURE(mode);
                const neighbours both(suffix);
                {
                    connection first(both.name);
                    connection second(both.other_name);
                    neighbours::fill(first, mode);
                    neighbours::fill(second, mode);
                    first.rows("BEGIN; UPDATE t SET b = 'first'");
                    second.rows("BEGIN; UPDATE t SET b = 'second'");
                    first.rows("ROLLBACK");
                    second.rows("ROLLBACK; BEGIN; DELETE FROM t WHERE a = 1; ROLLBACK");
                    both.check_full();
                }
                both.check_full(); // also once nobody is in WAL mode any more
            }
        }
    }

    TEST_CASE("what one of them loses in a discard the other keeps") {
        for (const std::string& suffix : suffixes) {
            for (const std::string& mode : modes) {
                CAPTURE(suffix);
                CAPTURE(mode);
                const neighbours both(suffix);
                connection first(both.name);
                connection second(both.other_name);
                neighbours::fill(first, mode);
                neighbours::fill(second, mode);
                for (store* each : {both.file.get(), both.other_file.get()}) {
                    REQUIRE(each->checkpoint());
                }
                first.rows("DELETE FROM t WHERE a < 10; BEGIN; UPDATE t SET b = 'first'");
                second.rows("BEGIN; UPDATE t SET b = 'second'");
                CHECK(both.file->rewind() == 1);
                second.rows("COMMIT");
                (void)first.run("ROLLBACK");
                neighbours::check_full(both.name);
                CHECK(second.value("SELECT DISTINCT b FROM t") == "'second'");
                both.other_file->rewind();
                both.check_full();
            }
        }
    }

    TEST_CASE("one that SQLite made is removed like any other") {
        const std::string name = unique_name("daily");
        connection database(":memory:");
        for (const std::string& suffix : suffixes) {
            CAPTURE(suffix);
            const auto before = directory::of_process().names();
            const auto generation = directory::of_process().generation();
            database.rows("ATTACH '" + name + suffix +
                          "' AS j; CREATE TABLE j.x(a); INSERT INTO j.x VALUES (1); DETACH j");
            CHECK(directory::of_process().generation() > generation);
            CHECK(since(generation) == std::vector<std::string>{name + suffix});
            CHECK(directory::of_process().names() == before);
        }
    }

    TEST_CASE("one that SQLite would not bring to the store is refused in words") {
        CHECK(why_unusable("shop").empty());
        CHECK(why_unusable("sales-journal").empty());
        CHECK(why_unusable(std::string(longest_name, 'n')).empty());
        CHECK(why_unusable("") == "it is empty");
        CHECK(why_unusable(":memory:") ==
              "SQLite takes it for a database in memory that no other connection can open");
        CHECK(why_unusable(std::string("a\0b", 3)) == "it has a zero byte in it");
        CHECK(why_unusable(std::string(longest_name + 1, 'n')) == "it is longer than 1000 bytes");
    }

    TEST_CASE("every other name reaches the store by its URI") {
        for (const std::string& name :
             {std::string("//server/share"), std::string("///x"), std::string("/x"),
              std::string(":memory"), std::string("%41?mode=memory#x&vfs=unix"), std::string(" "),
              std::string("a\nb\x01\xff'\"\\"), std::string(longest_name, 'n')}) {
            CAPTURE(name);
            const auto file = directory::of_process().create(name, nullptr);
            REQUIRE(file);
            connection(uri_of(name), nullptr).rows("CREATE TABLE t(a)");
            CHECK(file->size() > 0);
            CHECK(directory::of_process().remove(name));
        }
    }
}
