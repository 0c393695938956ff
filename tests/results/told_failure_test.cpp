#include "results/told_failure.hpp"

#include <doctest/doctest.h>

#include <string>

using isolite::results::case_result;
using isolite::results::place_and_reason;
using isolite::results::test_case;
using isolite::results::told_failure;
using isolite::results::verdict;

namespace {

test_case at(const char* file, unsigned line) {
    test_case made;
    made.name = "orders/are stored";
    made.file = file;
    made.line = line;
    return made;
}

} // namespace

TEST_CASE("the place is that of the failure, as each framework writes it") {
    const test_case stored = at("shop.cpp", 7);
    CHECK(place_and_reason(stored, "lib/shop.cpp(12): 1 == 2 failed") ==
          "lib/shop.cpp(12): 1 == 2 failed");
    CHECK(place_and_reason(stored, "lib/my shop.cpp:12: 1 == 2 failed") ==
          "lib/my shop.cpp(12): 1 == 2 failed");
}

TEST_CASE("a failure that names no place has that of its case") {
    CHECK(place_and_reason(at("shop.cpp", 7), "it took too long") ==
          "shop.cpp(7): it took too long");
    CHECK(place_and_reason(at("shop.cpp", 7), "at 12:30: too late") ==
          "at 12(30): too late"); // which looks like a place
    CHECK(
        place_and_reason(at("shop.cpp", 7), "cannot apply the seed: schema.sql:1:3: no table") ==
        "shop.cpp(7): cannot apply the seed: schema.sql:1:3: no table"); // which is no place of it
    CHECK(place_and_reason(at("", 0), "it took too long") == "it took too long");
    CHECK(place_and_reason(at("shop.cpp", 7), "") == "shop.cpp(7)");
}

TEST_CASE("only the first line of a reason is told, unless a colon announces what follows") {
    CHECK(place_and_reason(at("", 0), "it leaked\n  one row") == "it leaked");
    CHECK(place_and_reason(at("", 0), "s.cpp:3: Expected equality of these values:\n  a\n    "
                                      "Which is: 1\n  2\n") ==
          "s.cpp(3): Expected equality of these values: a Which is: 1 2");
    CHECK(place_and_reason(at("", 0), "s.cpp:3: these:\n  1\n  2\ns.cpp:4: others:\n  3\n") ==
          "s.cpp(3): these: 1 2"); // the first of two failures
    const std::string cut = place_and_reason(at("", 0), "these:\n" + std::string(500, 'x'));
    CHECK(cut.size() == 160);
    CHECK(cut.substr(150) == "xxxxxxx...");
}

TEST_CASE("what was expected and what it was instead are told with the expression") {
    CHECK(place_and_reason(at("", 0), "s.cpp:3: Value of: there\n  Actual: false\nExpected: true\n"
                                      "no bread") ==
          "s.cpp(3): Value of: there; Actual: false; Expected: true");
    CHECK(place_and_reason(at("", 0), "Expected: f() throws.\n  Actual: it throws nothing.") ==
          "Expected: f() throws; Actual: it throws nothing.");
    const std::string cut =
        place_and_reason(at("", 0), "Value of: there\n  Actual: " + std::string(500, 'x'));
    CHECK(cut.size() == 160);
}

TEST_CASE("a leak is told without the name of its case, which stands before it") {
    CHECK(place_and_reason(at("", 0), "s.cpp(3): cannot end 'orders/are stored' with a clean "
                                      "database: it committed changes\n  table orders") ==
          "s.cpp(3): committed changes");
    CHECK(place_and_reason(at("", 0), "cannot end 'another' with a clean database: it "
                                      "committed changes") ==
          "cannot end 'another' with a clean database: it committed changes");
}

TEST_CASE("a reason cannot control the terminal") {
    CHECK(place_and_reason(at("", 0), "red\x1B[31m") == "red\\x1b[31m");
}

TEST_CASE("a case that failed is told by what became of it") {
    case_result result;
    result.verdict = verdict::failed;
    result.attempts = 1;
    result.why = "it was late.\n";
    CHECK(told_failure(at("", 0), result) == "failed: orders/are stored  it was late");
    result.died = true;
    CHECK(told_failure(at("", 0), result) == "died: orders/are stored  it was late");
    result.timed_out = true;
    CHECK(told_failure(at("", 0), result) == "timed out: orders/are stored  it was late");
    result.why.clear();
    CHECK(told_failure(at("", 0), result) == "timed out: orders/are stored");
    result.why = "these:\n" + std::string(500, 'x');
    const std::string cut = told_failure(at("", 0), result);
    CHECK(cut.substr(cut.size() - 6) == "xxx..."); // which is no full stop
}

TEST_CASE("a case that was run more than once says how often it failed") {
    case_result result;
    result.verdict = verdict::failed;
    result.attempts = 20;
    result.failures = 2;
    CHECK(told_failure(at("", 0), result) == "failed: orders/are stored (failed 2 of 20 times)");
    result.verdict = verdict::passed;
    CHECK(told_failure(at("", 0), result) == "flaky: orders/are stored (failed 2 of 20 times)");
}
