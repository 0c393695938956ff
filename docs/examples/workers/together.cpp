#include <isolite/doctest_main.hpp>

// [uses]
using isolite::doc_test::serial;
using isolite::doc_test::uses;

TEST_CASE("the server listens" * uses("port 8080")) {}
TEST_CASE("the server refuses a second client" * uses("port 8080")) {}

TEST_SUITE("printer" * uses("printer")) {
    TEST_CASE("prints a page") {}
    TEST_CASE("shows the page before" * uses("port 8080")) {}
}

TEST_CASE("a page of 2 GB" * serial()) {}
// [/uses]
