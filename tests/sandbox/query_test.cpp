#include <isolite/engine.hpp>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <limits>
#include <optional>

namespace {

struct engine_fixture {
    isolite::engine engine = std::move(isolite::engine::open(isolite::seed("q").sql(
                                           "CREATE TABLE t (id INTEGER PRIMARY KEY, v);"
                                           "INSERT INTO t VALUES (1, 10), (2, NULL), (3, 'text'),"
                                           "(4, 2.5), (5, x'00ff'), (6, '')")))
                                 .value();

    template <typename Value, typename... Arguments>
    Value value(const char* sql, const Arguments&... arguments) {
        return engine.value<Value>(sql, arguments...);
    }
};

} // namespace

TEST_CASE_FIXTURE(engine_fixture, "a value comes back as the type that was asked for") {
    CHECK(value<int>("SELECT v FROM t WHERE id = 1") == 10);
    CHECK(value<std::int64_t>("SELECT 9223372036854775807") ==
          std::numeric_limits<std::int64_t>::max());
    CHECK(value<double>("SELECT v FROM t WHERE id = 4") == 2.5);
    CHECK(value<double>("SELECT v FROM t WHERE id = 1") == 10.0);
    CHECK(value<std::string>("SELECT v FROM t WHERE id = 3") == "text");
    CHECK(value<std::string>("SELECT v FROM t WHERE id = 6") == "");
    CHECK(value<bool>("SELECT 1"));
    CHECK(value<isolite::blob>("SELECT v FROM t WHERE id = 5") ==
          isolite::blob{std::byte{0}, std::byte{255}});
    CHECK(value<std::optional<int>>("SELECT v FROM t WHERE id = 2") == std::nullopt);
    CHECK(value<std::optional<int>>("SELECT v FROM t WHERE id = 1") == 10);
}

TEST_CASE_FIXTURE(engine_fixture, "an argument arrives as what it is") {
    const auto type = [this](const auto& argument) {
        return value<std::string>("SELECT typeof(?)", argument);
    };
    CHECK(type(1) == "integer");
    CHECK(type(true) == "integer");
    CHECK(type(1.5) == "real");
    CHECK(type("text") == "text");
    CHECK(type(std::string("text")) == "text");
    CHECK(type(nullptr) == "null");
    CHECK(type(std::nullopt) == "null");
    CHECK(type(std::optional<int>()) == "null");
    CHECK(type(std::optional<int>(1)) == "integer");
    CHECK(type(isolite::blob()) == "blob");
    CHECK(type(isolite::blob{std::byte{1}}) == "blob");
    CHECK(value<int>("SELECT length(CAST(? AS BLOB))", std::string("a\0b", 3)) == 3);
}

TEST_CASE_FIXTURE(engine_fixture, "values returns the rows in order") {
    CHECK(engine.values<int>("SELECT id FROM t WHERE id > ? ORDER BY id DESC", 4) ==
          std::vector<int>{6, 5});
    CHECK(engine.values<int>("SELECT id FROM t WHERE id > 99").empty());
}

TEST_CASE_FIXTURE(engine_fixture, "execute says how many rows a statement changed") {
    CHECK(engine.execute("UPDATE t SET v = 0 WHERE id < ?", 4) == 3);
    CHECK(engine.execute("DELETE FROM t") == 6);
    CHECK(engine.execute("DELETE FROM t") == 0);
    CHECK(engine.execute("CREATE TABLE other (a)") == 0);
    CHECK(engine.execute("INSERT INTO t (v) VALUES (1), (2) RETURNING id") == 2);
}

TEST_CASE_FIXTURE(engine_fixture,
                  "what does not fit is refused with the statement and the reason") {
    using isolite::query_error;
    CHECK_THROWS_WITH_AS(
        value<int>("SELECT v FROM t WHERE id = 99"),
        "cannot take one value from \"SELECT v FROM t WHERE id = 99\": it returned "
        "no row",
        query_error);
    CHECK_THROWS_WITH_AS(value<int>("SELECT id FROM t"),
                         "cannot take one value from \"SELECT id FROM t\": it returned more than "
                         "one row",
                         query_error);
    CHECK_THROWS_WITH_AS(value<int>("SELECT id, v FROM t"),
                         "cannot take one value from \"SELECT id, v FROM t\": it has 2 columns",
                         query_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(engine.values<int>("DELETE FROM t")),
                         "cannot take one value from \"DELETE FROM t\": it has 0 columns",
                         query_error);
    CHECK_THROWS_WITH_AS(value<int>("SELECT NULL"),
                         "cannot convert the value of \"SELECT NULL\": it is NULL, which is not of "
                         "the type that was asked for",
                         query_error);
    CHECK_THROWS_WITH_AS(
        value<int>("SELECT 'x'"),
        "cannot convert the value of \"SELECT 'x'\": it is a TEXT, which is not of "
        "the type that was asked for",
        query_error);
    CHECK_THROWS_WITH_AS(value<std::int8_t>("SELECT 300"),
                         "cannot convert the value of \"SELECT 300\": it is the INTEGER 300, which "
                         "does not fit the type that was asked for",
                         query_error);
    CHECK_THROWS_AS(value<unsigned>("SELECT -1"), query_error);
    CHECK_THROWS_AS(value<bool>("SELECT 2"), query_error);
    CHECK_THROWS_WITH_AS(value<int>("SELECT ?"),
                         "cannot run \"SELECT ?\": its parameters are 1, its arguments 0",
                         query_error);
    CHECK_THROWS_WITH_AS(value<int>("SELECT nonsense"),
                         "cannot run \"SELECT nonsense\": no such column: nonsense", query_error);
}

TEST_CASE_FIXTURE(engine_fixture, "what SQLite refused carries its words and its code") {
    try {
        engine.execute("INSERT INTO t VALUES (1, 1)");
        FAIL("the row was taken twice");
    } catch (const isolite::query_error& error) {
        CHECK(error.reason() == "UNIQUE constraint failed: t.id");
        CHECK(error.sqlite_code() == SQLITE_CONSTRAINT_PRIMARYKEY);
    }
    CHECK(isolite::query_error("run", "SELECT 1", "it had no time").sqlite_code() == 0);
}

TEST_CASE_FIXTURE(engine_fixture, "a query that failed can be asked again") {
    CHECK_THROWS_AS(value<int>("SELECT id FROM t"), isolite::query_error);
    CHECK(engine.values<int>("SELECT id FROM t").size() == 6);
    CHECK_THROWS_AS(engine.execute("INSERT INTO t VALUES (1, 1)"), isolite::query_error);
    CHECK(engine.execute("DELETE FROM t WHERE id = 1") == 1);
    CHECK(engine.execute("INSERT INTO t VALUES (1, 1)") == 1);
}
