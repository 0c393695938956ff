// A suite fixture for a suite that no test is in. Judged by suites_test.py.

#include <isolite/doctest.hpp>

#include <doctest/doctest.h>

#include <memory>

namespace {

struct data {};

const bool misnamed = isolite::doc_test::suite_fixture<data>("ordrs");

TEST_SUITE("orders") {
    TEST_CASE("counts orders") {
        CHECK(misnamed);
    }
}

} // namespace
