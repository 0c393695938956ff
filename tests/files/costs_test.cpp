// What the ledger has of files that code under test opens by path.
#include "bill.hpp"
#include "claimed_place.hpp"

#include <sqlite3.h>

using namespace isolite::paths;
using namespace isolite::paths::tests;
using isolite::records::tests::bill;

namespace {

template <typename Body>
void in_scope(const std::string& test, Body body) {
    const auto entered = claimed_databases::of_process().enter(test);
    REQUIRE(entered);
    body();
    static_cast<void>(claimed_databases::of_process().leave(*entered));
}

void add_row(const std::string& name) {
    connection database = by_path(name);
    REQUIRE(database.run("CREATE TABLE IF NOT EXISTS t (a); INSERT INTO t VALUES (1)").code ==
            SQLITE_OK);
}

void read(const std::string& name) {
    REQUIRE(by_path(name).run("SELECT count(*) FROM sqlite_schema").code == SQLITE_OK);
}

} // namespace

TEST_SUITE("costs of files") {
    TEST_CASE("a test is billed for the files that it makes") {
        const claimed_place here;
        const bill all;
        in_scope("first", [] {
            add_row("one.db");
            add_row("two.db");
        });
        CHECK(all.text() == "2 file made (*.db)\n1 files put back (*.db)\n");
    }

    TEST_CASE("a test is billed for what was there only if it opens it") {
        const claimed_place here;
        add_row("shop.db");
        const bill idle;
        in_scope("idle", [] {});
        CHECK(idle.text().empty());
        const bill reading;
        in_scope("reads", [] { read("shop.db"); });
        CHECK(reading.text() == "1 files prepared (*.db)\n1 files put back (*.db)\n");
    }

    TEST_CASE("a test is billed for what it writes on a connection that was open before") {
        const claimed_place here;
        add_row("shop.db");
        connection database = by_path("shop.db");
        const bill all;
        in_scope("first", [&] { database.run("INSERT INTO t VALUES (2)"); });
        in_scope("second", [] {});
        CHECK(all.text() == "1 files prepared (*.db)\n1 files put back (*.db)\n");
    }

    TEST_CASE("a suite is billed for its own files, not for those that its tests use") {
        const claimed_place here;
        add_row("before.db"); // on which its tests put a layer, too
        const bill suites;
        in_scope("suite", [] {
            add_row("suite.db");
            const bill tests;
            in_scope("idle", [] {});
            in_scope("first", [] { read("suite.db"); });
            CHECK(tests.text() == "1 files prepared (*.db)\n1 files put back (*.db)\n");
        });
        CHECK(suites.text() == "1 file made (*.db)\n1 files prepared (*.db)\n"
                               "2 files put back (*.db)\n");
    }

    TEST_CASE("files of a seed are billed by its name, those of several claims together") {
        const claimed_place here("a.db");
        const auto other = claims::of_process().add(claimed_place::path("b.db"), {"shop"});
        const bill all;
        in_scope("first", [] { add_row("b.db"); });
        in_scope("second", [] {
            add_row("a.db");
            add_row("b.db");
        });
        CHECK(all.text() == "1 file made (a.db)\n2 file made (shop)\n"
                            "1 files put back (a.db and 1 more)\n1 files put back (shop)\n");
        claims::of_process().release(other);
    }

    TEST_CASE("what cannot be opened is no file that was made") {
        const claimed_place here;
        const bill all;
        in_scope("first", [] {
            CHECK(code_of_opening("missing.db", SQLITE_OPEN_READONLY) == SQLITE_CANTOPEN);
        });
        CHECK(all.text().empty());
    }
}
