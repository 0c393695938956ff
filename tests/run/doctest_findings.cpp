#include "findings.hpp"

#include <isolite/doctest_main.hpp>

TEST_CASE("leaks") {
    CHECK(findings::leak());
}
TEST_CASE("races") {
    CHECK(findings::race() < 3);
}
TEST_CASE("reads") {
    CHECK(findings::read_garbage());
}
TEST_CASE("one") {
    CHECK(findings::counted(1) == 1);
}
TEST_CASE("two") {
    CHECK(findings::counted(2) == 2);
}
TEST_CASE("uses_global") {
    CHECK(findings::of_program.use());
}
TEST_CASE("uses_static") {
    CHECK(findings::of_cases().use());
}
TEST_CASE("has_directory") {
    CHECK(findings::has_directory());
}
