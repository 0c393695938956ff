#include <isolite/doctest_main.hpp>

#include "overlap.hpp"

using isolite::doc_test::serial;
using isolite::doc_test::uses;

// Cases that say when they ran; overlap_test.py judges which overlap.

TEST_SUITE("unbound") {
    TEST_CASE("free_1") {
        run_beside("free_1");
    }
    TEST_CASE("free_2") {
        run_beside("free_2");
    }
    TEST_CASE("free_3") {
        run_beside("free_3");
    }
}
TEST_SUITE("sharing") {
    TEST_CASE("sharing_1" * uses("port")) {
        run_beside("sharing_1");
    }
    TEST_CASE("sharing_2" * uses("port") * uses("file")) {
        run_beside("sharing_2");
    }
    TEST_CASE("sharing_3" * uses("file")) {
        run_beside("sharing_3");
    }
}
TEST_SUITE("sharing_suite" * uses("disk")) {
    TEST_CASE("sharing_suite_1") {
        run_beside("sharing_suite_1");
    }
    TEST_CASE("sharing_suite_2") {
        run_beside("sharing_suite_2");
    }
}
TEST_SUITE("alone" * serial()) {
    TEST_CASE("alone_1") {
        run_beside("alone_1");
    }
    TEST_CASE("alone_2") {
        run_beside("alone_2");
    }
}
TEST_CASE("alone_3" * serial()) {
    run_beside("alone_3");
}
