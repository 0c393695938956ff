#include "chaos.hpp"

#include <isolite/doctest_main.hpp>

// The cases of chaos.hpp for doctest; chaos_test.py judges.

namespace {

using session = isolite::doc_test::session<chaos::stock>;
using trap = isolite::doc_test::session<chaos::trapped>;

void act(unsigned number) {
    chaos::act<session, trap>(number, [] { FAIL_CHECK("no luck"); });
}

} // namespace

#define CASE(number)                                                                               \
    TEST_CASE("c" #number) {                                                                       \
        act(number);                                                                               \
    }
#define GROUPED(number)                                                                            \
    TEST_CASE("c" #number* isolite::doc_test::uses("port")) {                                      \
        act(number);                                                                               \
    }
#define ALONE(number)                                                                              \
    TEST_CASE("c" #number* isolite::doc_test::serial()) {                                          \
        act(number);                                                                               \
    }

#include "chaos_cases.inc"
