#include "seed/fingerprint.hpp"

#include "text_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

using isolite::seed;

namespace {

void write_nothing(SQLite::Database& /*database*/) {}

std::string fingerprint(const seed& seed) {
    const auto found = isolite::seeds::fingerprint_of(seed);
    REQUIRE(found);
    return *found;
}

} // namespace

TEST_CASE("a fingerprint is 32 hexadecimal digits") {
    const std::string text = fingerprint(seed("shop").sql("CREATE TABLE t (a)"));
    CHECK(text.size() == 32);
    CHECK(text.find_first_not_of("0123456789abcdef") == std::string::npos);
}

TEST_CASE("seeds that make the same content have the same fingerprint") {
    const text_file file("CREATE TABLE t (a)");
    const text_file copy("CREATE TABLE t (a)");
    const std::string text = fingerprint(seed("shop").sql("CREATE TABLE t (a)"));
    CHECK(fingerprint(seed("shop").sql("CREATE TABLE t (a)")) == text);
    CHECK(fingerprint(seed("shop").sql_file(file.path())) == text);
    CHECK(fingerprint(seed("shop").sql_file(copy.path())) == text);
    // These belong to a connection, or have an image of their own.
    CHECK(fingerprint(seed("shop").sql("CREATE TABLE t (a)").on_connect(write_nothing)) == text);
    CHECK(fingerprint(seed("shop").sql("CREATE TABLE t (a)").attach("b", seed("b"))) == text);
}

TEST_CASE("whatever changes the content changes the fingerprint") {
    const text_file file("CREATE TABLE t (b)");
    const std::vector<seed> seeds = {
        seed("shop"),
        seed("shop2"),
        seed("shop").sql("CREATE TABLE t (a)"),
        seed("shop").sql("CREATE TABLE t (a) "),
        seed("shop").sql("CREATE TABLE t (A)"),
        seed("shop").sql(std::string("CREATE TABLE t (a)\0", 19)),
        seed("shop").sql_file(file.path()),
        seed("shop").sql("PRAGMA page_size = 8192").sql("CREATE TABLE t (a)"),
        seed("shop").sql("PRAGMA encoding = 'UTF-16'").sql("CREATE TABLE t (a)"),
        seed("shop").sql("CREATE TABLE t (a)").sql("PRAGMA page_size = 8192"),
        seed("shop").sql("CREATE TABLE t (a);").sql("CREATE TABLE u (a);"),
        seed("shop").sql("CREATE TABLE t (a);CREATE TABLE u (a);"),
        seed("shop").sql("CREATE TABLE t (a);C").sql("REATE TABLE u (a);"),
        seed("shop").sql("CREATE TABLE u (a);").sql("CREATE TABLE t (a);"),
        seed("shop").step("prices", "1", write_nothing),
        seed("shop").step("prices", "2", write_nothing),
        seed("shop").step("prices", "12", write_nothing),
        seed("shop").step("prices", isolite::across_builds("1"), write_nothing),
        seed("shop").step("prices", isolite::across_builds("2"), write_nothing),
        seed("shop").step("prices1", "2", write_nothing),
        seed("shop").step("other", "1", write_nothing),
        seed("shop").sql("prices"),
        seed("shop").step("a", "1", write_nothing).step("b", "1", write_nothing),
        seed("shop").step("b", "1", write_nothing).step("a", "1", write_nothing),
    };
    std::set<std::string> different;
    std::transform(seeds.begin(), seeds.end(), std::inserter(different, different.end()),
                   fingerprint);
    CHECK(different.size() == seeds.size());
}

TEST_CASE("a file is read again whenever a seed is loaded") {
    const text_file file("CREATE TABLE t (a)");
    const seed described = seed("shop").sql_file(file.path());
    const std::string before = fingerprint(described);
    file.write("CREATE TABLE t (b)");
    CHECK(fingerprint(described) != before);
    file.write("CREATE TABLE t (a)");
    CHECK(fingerprint(described) == before);
}

TEST_CASE("only a step without a version keeps an image from being shared") {
    CHECK(isolite::seeds::why_private(seed("shop").sql("CREATE TABLE t (a)")) == "");
    CHECK(isolite::seeds::why_private(seed("shop").step("prices", "1", write_nothing)) == "");
    CHECK(isolite::seeds::why_private(
              seed("shop").step("a", "1", write_nothing).step("prices", write_nothing)) ==
          "its step 'prices' declares no version");
    CHECK(isolite::seeds::why_private(seed("shop").on_connect(write_nothing)) == "");
}
