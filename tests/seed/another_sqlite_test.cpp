#include "seed/fingerprint.hpp"

#include <isolite/seed.hpp>

#include <doctest/doctest.h>

#include <sqlite3.h>

#include <ostream>
#include <string>
#include <vector>

namespace {

std::string source = "2026-11-30 one";
std::vector<std::string> compile_options = {"THREADSAFE=1"};

std::string fingerprint() {
    const isolite::seed seed = isolite::seed("shop").sql("CREATE TABLE t (a)");
    return isolite::seeds::fingerprint_of(seed).value();
}

} // namespace

// What this program tells of SQLite, in the place of SQLite itself.

const char* sqlite3_sourceid() {
    return source.c_str();
}

const char* sqlite3_compileoption_get(int number) {
    const auto at = static_cast<std::size_t>(number);
    return at < compile_options.size() ? compile_options[at].c_str() : nullptr;
}

TEST_CASE("another SQLite gives a seed another fingerprint") {
    const std::string before = fingerprint();
    CHECK(fingerprint() == before);
    SUBCASE("of another source") {
        source = "2026-11-30 another";
    }
    SUBCASE("with another option") {
        compile_options.emplace_back("OMIT_JSON");
    }
    CHECK(fingerprint() != before);
}
