#include "subject.hpp"

#include <isolite/doctest_main.hpp>

// A program to report on, the same for both frameworks; real_runs_test.py judges.

namespace {

using rollback = isolite::doc_test::session<subject::shop>;
using data = subject::data_of<isolite::doc_test::suite<subject::shop>>;

void act(const std::string& name) {
    // doctest's JUnit reporter knows of no failure but that of an assertion with an expression.
    subject::act(name, [] {
        const bool luck = false;
        CHECK(luck);
    });
}

isolite::doc_test::isolated copied() {
    return isolite::doc_test::isolated(isolite::mode::copy_on_write);
}

const bool has_data = isolite::doc_test::suite_fixture<data>("with_data");

} // namespace

TEST_CASE("sleeps") {
    act("sleeps");
}
TEST_CASE("sleeps_longer") {
    act("sleeps_longer");
}

TEST_SUITE("kept_clean") {
    TEST_CASE_FIXTURE(rollback, "reads") {
        subject::read(*this);
        act("reads");
    }
    TEST_CASE_FIXTURE(rollback, "updates") {
        subject::update(*this);
        act("updates");
    }
    TEST_CASE_FIXTURE(rollback, "commits") {
        subject::commit(*this);
        act("commits");
    }
}

TEST_SUITE("copied_away" * copied()) {
    TEST_CASE_FIXTURE(rollback, "reads_copy") {
        subject::read(*this);
        act("reads_copy");
    }
    TEST_CASE_FIXTURE(rollback, "updates_copy") {
        subject::update(*this);
        act("updates_copy");
    }
}

TEST_SUITE("verdicts") {
    TEST_CASE("fails") {
        act("fails");
        const bool it_works = false;
        CHECK(it_works);
    }
    TEST_CASE("disabled" * doctest::skip()) {
        act("disabled");
    }
}

TEST_CASE("has_a_fixture") {
    subject::make_own_fixture();
    act("has_a_fixture");
}

TEST_SUITE("with_data") {
    TEST_CASE_FIXTURE(rollback, "first_with_data") {
        subject::read(*this);
        act("first_with_data");
    }
    TEST_CASE_FIXTURE(rollback, "second_with_data") {
        subject::update(*this);
        act("second_with_data");
    }
}

TEST_CASE_FIXTURE(rollback, "subcases") {
    SUBCASE("one") {
        execute("DELETE FROM products");
    }
    SUBCASE("another") {
        SUBCASE("nested") {
            subject::update(*this);
        }
        SUBCASE("nested as well") {
            subject::read(*this);
            act("subcases"); // in the last of the passes
        }
    }
}

#define ROW(number)                                                                                \
    TEST_CASE_FIXTURE(rollback, "row_" #number) {                                                  \
        execute("DELETE FROM products WHERE id = ?", number + 1);                                  \
        act("row_" #number);                                                                       \
    }

ROW(0)
ROW(1)
ROW(2)
ROW(3)
ROW(4)
ROW(5)
ROW(6)
ROW(7)
ROW(8)
ROW(9)
ROW(10)
ROW(11)
