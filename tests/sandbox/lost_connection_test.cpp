#include "engine_fixture.hpp"
#include "in_child.hpp"

#include <stdexcept>

#include <sys/resource.h>

// What follows when no connection can be opened any more: each session says so, and none crashes.

using isolite::mode;

namespace {

int refuse(sqlite3* /*connection*/, char** message, const void* /*api*/) {
    *message = sqlite3_mprintf("not today");
    return SQLITE_ERROR;
}

/// While there is one, SQLite opens no connection.
struct refusal {
    refusal() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(refuse)); }
    ~refusal() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(refuse)); }
    refusal(const refusal&) = delete;
    refusal& operator=(const refusal&) = delete;
};

bool tells_why(const std::string& text) {
    return text.find("open a connection to 'file:s?vfs=isolite': ") != std::string::npos;
}

struct lost_connection : engine_fixture {
    using engine_fixture::engine_fixture;

    bool next_tells(mode mode = mode::rollback) {
        const auto next = isolite::session::open(engine, "next", mode);
        return !next && tells_why(next.error().message);
    }

    bool last_is_usual() {
        auto last = open("last");
        return rows() == 1 && failure(last).empty();
    }
};

} // namespace

TEST_CASE_FIXTURE(lost_connection,
                  "a test after which no connection opens is told, and so are the next ones") {
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        for (const char* const unusual : {"PRAGMA cache_size = 9", "CREATE TABLE more (a)"}) {
            CAPTURE(std::string(unusual));
            auto test = open("nasty", each);
            run(unusual);
            {
                const refusal refusing;
                const std::string told = failure(test);
                CHECK(told.find("it made it impossible to open a connection to "
                                "'file:s?vfs=isolite': ") != std::string::npos);
                CHECK(next_tells(mode::rollback));
                CHECK(next_tells(mode::copy_on_write));
            }
            CHECK(last_is_usual());
        }
    }
}

TEST_CASE_FIXTURE(lost_connection, "a suite after which no connection opens is told") {
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        auto suite = open_copy_on_write("suite");
        run("INSERT INTO t VALUES (2, 'of the suite')");
        auto test = open("nasty", each);
        run("CREATE TABLE more (a)");
        {
            const refusal refusing;
            CHECK(tells_why(failure(test)));
            CHECK(next_tells());
            CHECK(suite.keep_evidence() == "");
            CHECK(tells_why(failure(suite)));
            CHECK(next_tells());
            CHECK(next_tells(mode::copy_on_write));
        }
        CHECK(last_is_usual());
    }
}

TEST_CASE_FIXTURE(lost_connection, "a suite goes on once a connection can be opened again") {
    auto suite = open_copy_on_write("suite");
    run("INSERT INTO t VALUES (2, 'of the suite')");
    auto test = open("nasty");
    run("CREATE TABLE more (a)");
    {
        const refusal refusing;
        CHECK(tells_why(failure(test)));
    }
    auto next = open("next");
    CHECK(rows() == 2);
    CHECK(failure(next) == "");
    CHECK(failure(suite) == "");
    CHECK(last_is_usual());
}

TEST_CASE_FIXTURE(lost_connection, "what fails to be undone between two tests is told") {
    CHECK(last_is_usual());
    const std::string told = in_child([this] { // the process fails for it
        run("CREATE TABLE more (a)");
        const refusal refusing;
        return std::string(next_tells() ? "told" : "") +
               (next_tells(mode::copy_on_write) ? ", told again" : "");
    });
    CHECK(told == "told, told again");
}

TEST_CASE("a step of on_connect that throws after a test was cut off is told") {
    bool throws = false;
    lost_connection at(engine_fixture::seed_of_one_row().on_connect([&throws](SQLite::Database&) {
        if (throws) {
            throw std::runtime_error("no more licences");
        }
    }));
    for (const bool writes : {false, true}) {
        auto test = at.open("cut off");
        throws = true;
        CHECK(!isolite::session::abandon(at.engine, "cut off"));
        if (writes) {
            at.run("DELETE FROM t");
        }
        CHECK(!isolite::session::open(at.engine, "next"));
        CHECK(!isolite::session::open(at.engine, "next", mode::copy_on_write));
        throws = false;
        CHECK(at.last_is_usual());
    }
}

TEST_CASE("a test that leaves no descriptor for the index of a database in WAL mode is told") {
    lost_connection at(engine_fixture::seed_of_one_row().sql("PRAGMA journal_mode = WAL"));
    auto test = at.open_copy_on_write("nasty");
    at.run("CREATE TABLE more (a)");
    rlimit usual{};
    ::getrlimit(RLIMIT_NOFILE, &usual);
    rlimit few = usual;
    few.rlim_cur = 3;
    ::setrlimit(RLIMIT_NOFILE, &few);
    const std::string told = failure(test);
    const bool is_told_again = at.next_tells();
    ::setrlimit(RLIMIT_NOFILE, &usual);
    CHECK(tells_why(told));
    CHECK(is_told_again);
    CHECK(at.last_is_usual());
}
