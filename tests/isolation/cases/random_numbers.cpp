#include <isolite/doctest_main.hpp>
#include <isolite/seed.hpp>

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdlib>
#include <fstream>
#include <string>

// A suite whose cases note a random number of SQLite, in forked workers and again when retried;
// random_numbers_test.py judges.

namespace {

struct stock {
    static isolite::seed seed() {
        return isolite::seed("stock").sql("CREATE TABLE t(a);"
                                          "INSERT INTO t VALUES (hex(randomblob(8)));");
    }
};

using stock_test = isolite::doc_test::session<stock>;

/// Appends a line to the file that the variable names.
void note(const std::string& number) {
    std::ofstream(std::getenv("RANDOM_NUMBERS"), std::ios::app) << number + "\n";
}

} // namespace

#define CASE(name)                                                                                 \
    TEST_CASE_FIXTURE(stock_test, name) {                                                          \
        note(value<std::string>("SELECT hex(randomblob(8))"));                                     \
        CHECK(std::getenv("FAILS") == nullptr);                                                    \
    }

CASE("a")
CASE("b")
CASE("c")
CASE("d")
CASE("e")
CASE("f")
