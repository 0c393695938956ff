#include "sandbox/told_changes.hpp"

#include "engine_fixture.hpp"
#include "sandbox/case_files.hpp"

#include "../store/scratch_directory.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

using isolite::sandbox::changed_database;
using isolite::sandbox::take_changes;
using isolite::sandbox::tell_changes;
using isolite::sandbox::telling;

namespace {

/// An engine in a process that keeps the changes of its sessions.
struct told_fixture : engine_fixture {
    explicit told_fixture(telling how = telling::kept) { tell_changes(how); }
    ~told_fixture() {
        tell_changes(telling::untold);
        static_cast<void>(take_changes());
    }
    told_fixture(const told_fixture&) = delete;
    told_fixture& operator=(const told_fixture&) = delete;

    /// Returns what is told of a session that does this.
    std::vector<changed_database> changes_by(const char* sql,
                                             isolite::mode mode = isolite::mode::rollback) {
        {
            const auto session = open("a test", mode);
            run(sql);
        }
        return take_changes();
    }
};

std::uint64_t digest_by(const char* sql, isolite::mode mode = isolite::mode::rollback) {
    const auto told = told_fixture(telling::digested).changes_by(sql, mode);
    return told.empty() ? 0 : told.front().digest;
}

std::string text_of(const changed_database& told) {
    std::string text;
    for (const std::string& line : told.lines) {
        text += line + "\n";
    }
    return text;
}

} // namespace

TEST_CASE_FIXTURE(told_fixture,
                  "a session tells the rows that it changes, and those of its tables") {
    const auto told =
        changes_by("UPDATE t SET v = 'x'; CREATE TABLE u(a); INSERT INTO u VALUES (7)");
    REQUIRE(told.size() == 1);
    CHECK(told.front().name == "s");
    CHECK(text_of(told.front()) == "table t: 1 row changed\n"
                                   "  ~ id=1: v 'seeded' -> 'x'\n"
                                   "table u: added\n"
                                   "table u: 1 row added\n"
                                   "  + rowid=1, a=7\n");
}

TEST_CASE_FIXTURE(told_fixture, "a session that changes nothing, or puts it back, tells nothing") {
    CHECK(changes_by("SELECT * FROM t").empty());
    CHECK(changes_by("UPDATE t SET v = 'x'; UPDATE t SET v = 'seeded'").empty());
}

TEST_CASE_FIXTURE(told_fixture, "what is committed is told as well") {
    const auto told = changes_by("BEGIN; DELETE FROM t; COMMIT", isolite::mode::copy_on_write);
    REQUIRE(told.size() == 1);
    CHECK(told.front().lines.front() == "table t: 1 row removed");
}

TEST_CASE_FIXTURE(told_fixture, "a session inside of another one tells of its own") {
    {
        const auto outer = open_copy_on_write("a suite");
        run("INSERT INTO t VALUES (2, 'outer')");
        const auto told = changes_by("INSERT INTO t VALUES (3, 'inner')");
        REQUIRE(told.size() == 1);
        CHECK(text_of(told.front()) == "table t: 1 row added\n"
                                       "  + id=3, v='inner'\n");
    }
    REQUIRE(take_changes().size() == 1); // of the suite
}

TEST_CASE_FIXTURE(engine_fixture, "where nobody asks, nothing is kept") {
    {
        const auto session = open();
        run("DELETE FROM t");
    }
    CHECK(take_changes().empty());
}

TEST_CASE("a digest is the same for the same rows, and another one for others") {
    const std::uint64_t seven = digest_by("INSERT INTO t VALUES (2, 7)");
    CHECK(seven != 0);
    CHECK(digest_by("INSERT INTO t VALUES (2, 7)") == seven);
    CHECK(digest_by("INSERT INTO t VALUES (2, 8)") != seven);
    CHECK(digest_by("INSERT INTO t VALUES (3, 7)") != seven);
    CHECK(digest_by("SELECT * FROM t") == 0);
}

TEST_CASE("a digest leaves out how often the database was changed") {
    using isolite::mode;
    told_fixture in(telling::digested);
    const auto once = in.changes_by("INSERT INTO t VALUES (2, 7)", mode::copy_on_write);
    const auto twice = in.changes_by("INSERT INTO t VALUES (2, 6); UPDATE t SET v = 7 WHERE id = 2",
                                     mode::copy_on_write);
    REQUIRE(once.size() == 1);
    REQUIRE(twice.size() == 1);
    CHECK(once.front().digest == twice.front().digest);
    CHECK(in.changes_by("UPDATE t SET v = 1; UPDATE t SET v = 'seeded'", mode::copy_on_write)
              .empty());
}

TEST_CASE_FIXTURE(told_fixture, "rows that no line shows are in the digest") {
    const std::string many = "CREATE TABLE u(a); INSERT INTO u WITH RECURSIVE n(i) AS "
                             "(SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9) SELECT i FROM n; ";
    const auto one = changes_by((many + "INSERT INTO u VALUES (1)").c_str());
    const auto other = changes_by((many + "INSERT INTO u VALUES (2)").c_str());
    REQUIRE(one.size() == 1);
    REQUIRE(other.size() == 1);
    CHECK(one.front().lines == other.front().lines);
    CHECK(one.front().digest != other.front().digest);
}

TEST_CASE_FIXTURE(told_fixture, "a database of more than 16 MiB is left out") {
    const auto told =
        changes_by("INSERT INTO t SELECT 2, randomblob(17 << 20)", isolite::mode::copy_on_write);
    CHECK(told.empty());
}

TEST_CASE_FIXTURE(told_fixture, "a case that uses a claimed database by path only tells of it") {
    const isolite::store::tests::scratch_directory place;
    const std::string path = (std::filesystem::current_path() / "told.db").string();
    const auto by_path = opened(isolite::seed("told").sql("CREATE TABLE t(a)").file(path));
    isolite::sandbox::case_files files;
    files.begin("orders/by path");
    {
        SQLite::Database application(path, SQLite::OPEN_READWRITE);
        application.exec("INSERT INTO t VALUES (7)");
    }
    static_cast<void>(files.end());
    const auto told = take_changes();
    REQUIRE(told.size() == 1);
    CHECK(text_of(told.front()) == "table t: 1 row added\n"
                                   "  + rowid=1, a=7\n");
}
