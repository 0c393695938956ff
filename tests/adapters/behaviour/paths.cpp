// Cases whose code under test opens its database by path, and knows nothing of isolite: one list
// for all frameworks, as behaviour.cpp. Most have no fixture of isolite's; paths_test.py judges,
// and says by options what is claimed.
#include BEHAVIOUR_OF

#include "../failing_test.hpp"
#include "journal.hpp"

#include <isolite/files.hpp>
#include <isolite/seed.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace {

using framework::session;

struct nothing {};

/// Claims in the program itself what --files claims from outside, and refuses all else.
const bool is_strict = [] {
    if (is_asked_for("SUBJECT_IS_STRICT")) {
        static const isolite::files claimed("*/journal.db");
        claimed.only();
    }
    if (const char* const pattern = std::getenv("SUBJECT_CLAIMS")) {
        static const isolite::files more(pattern);
    }
    return true;
}();

// Each case begins without a file.

BEHAVIOUR_SUITE(pages);
BEHAVIOUR_CASE(pages, first, nothing, PLAIN) {
    VERIFY(journal().add() == 0);
}
BEHAVIOUR_CASE(pages, second, nothing, PLAIN) {
    VERIFY(journal().add() == 0);
}
BEHAVIOUR_CASE(pages, third, nothing, PLAIN) {
    VERIFY(journal().add() == 0);
    VERIFY(journal().add() == 1);
}
BEHAVIOUR_CASE(pages, fourth, nothing, PLAIN) {
    VERIFY(journal().add() == 0);
}
#if defined(SUBCASE) || defined(SECTION)
#    ifndef SECTION
#        define SECTION SUBCASE
#    endif
BEHAVIOUR_CASE(pages, sections, nothing, PLAIN) {
    VERIFY(journal().add() == 0);
    SECTION("one") {
        VERIFY(journal().add() == 1);
    }
    SECTION("other") {
        SECTION("inner") {
            VERIFY(journal().add() == 1);
        }
        VERIFY(journal().add() == 2);
    }
}
#endif

// What global fixtures open is claimed already, and stays for all cases.

#ifdef BEHAVIOUR_EARLY
struct early_line {
    early_line() {
        if (is_asked_for("SUBJECT_IS_EARLY")) {
            journal(place("early.db")).add();
        }
        if (is_asked_for("SUBJECT_IS_EARLY_ON_A_SEED")) {
            journal(place("stocked.db")).add();
        }
    }
};
BEHAVIOUR_EARLY(early_line);
BEHAVIOUR_SUITE(early);
BEHAVIOUR_CASE(early, first, nothing, PLAIN) {
    if (is_asked_for("SUBJECT_IS_EARLY")) {
        VERIFY(journal(place("early.db")).add() == 1);
    }
    if (is_asked_for("SUBJECT_IS_EARLY_ON_A_SEED")) {
        VERIFY(journal(place("stocked.db")).add() == 3);
    }
}
BEHAVIOUR_CASE(early, second, nothing, PLAIN) {
    if (is_asked_for("SUBJECT_IS_EARLY")) {
        VERIFY(journal(place("early.db")).add() == 1);
    }
    if (is_asked_for("SUBJECT_IS_EARLY_ON_A_SEED")) {
        VERIFY(journal(place("stocked.db")).add() == 3);
    }
}
#endif

#ifdef EXPECT_EXIT
BEHAVIOUR_SUITE(children);
BEHAVIOUR_CASE(children, first, nothing, PLAIN) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(std::exit(journal().add()), testing::ExitedWithCode(0), "");
    EXPECT_EXIT(std::exit(journal().add()), testing::ExitedWithCode(0), "");
}
#endif

// A seed with a file, with a fixture and without.

struct stocked_journal {
    static isolite::seed seed() {
        isolite::seed stocked("stocked-journal");
        if (const char* const pattern = std::getenv("SUBJECT_SEEDS")) {
            stocked.file(pattern);
        }
        return stocked.sql("CREATE TABLE lines (text); INSERT INTO lines VALUES ('a'), ('b')")
            .file(std::string(std::getenv("SUBJECT_PLACE")) + "/stocked.db");
    }
};
BEHAVIOUR_SUITE(stocked);
BEHAVIOUR_CASE(stocked, first, session<stocked_journal>, PLAIN) {
    VERIFY(journal(place("stocked.db")).add() == 2);
    VERIFY(value<int>("SELECT count(*) FROM lines") == 3);
}
BEHAVIOUR_CASE(stocked, second, session<stocked_journal>, PLAIN) {
    VERIFY(journal(place("stocked.db")).add() == 2);
}
BEHAVIOUR_CASE(stocked, third, nothing, PLAIN) {
    VERIFY(journal(place("stocked.db")).add() == 2);
}
BEHAVIOUR_CASE(stocked, fourth, nothing, PLAIN) {
    VERIFY(journal(place("stocked.db")).add() == 2);
}

// What a failing case keeps.

BEHAVIOUR_SUITE(failing);
BEHAVIOUR_CASE(failing, with_fixture, session<stocked_journal>, PLAIN) {
    journal(place("stocked.db")).add();
    FAIL_WITH("the test's own failure");
}
BEHAVIOUR_CASE(failing, without_fixture, nothing, PLAIN) {
    journal().add();
    FAIL_WITH("the test's own failure");
}
BEHAVIOUR_CASE(failing, with_a_seed_s_file, nothing, PLAIN) {
    journal().add();
    journal(place("stocked.db")).add();
    FAIL_WITH("the test's own failure");
}
#ifdef SECTION
BEHAVIOUR_CASE(failing, in_its_first_section, nothing, PLAIN) {
    SECTION("fails") {
        journal().add();
        FAIL_WITH("the test's own failure");
    }
    SECTION("passes") {
        journal().add();
        journal().add();
    }
}
BEHAVIOUR_CASE(failing, in_its_last_section, nothing, PLAIN) {
    SECTION("passes") {
        journal().add();
    }
    SECTION("fails") {
        journal().add();
        journal().add();
        FAIL_WITH("the test's own failure");
    }
}
#endif

#ifndef WITHOUT_SUITES

// What the set-up of a suite writes is there for its cases alone.

struct pages_of_suite {
    pages_of_suite() { kept.add(); }
    ~pages_of_suite() { kept.add(); }
    journal kept;
};
BEHAVIOUR_SUITE_WITH(filled, pages_of_suite);
BEHAVIOUR_CASE(filled, first, nothing, PLAIN) {
    VERIFY(journal().add() == 1);
}
BEHAVIOUR_CASE(filled, second, nothing, PLAIN) {
    VERIFY(journal().add() == 1);
}
BEHAVIOUR_SUITE_WITH(filled_too, pages_of_suite);
BEHAVIOUR_CASE(filled_too, first, nothing, PLAIN) {
    VERIFY(journal().add() == 1);
}
BEHAVIOUR_CASE(filled_too, second, nothing, PLAIN) {
    VERIFY(journal().add() == 1);
}

struct stocked_suite : framework::suite<stocked_journal> {
    stocked_suite() { journal(place("stocked.db")).add(); }
};
BEHAVIOUR_SUITE_WITH(stocked_more, stocked_suite);
BEHAVIOUR_CASE(stocked_more, first, nothing, PLAIN) {
    VERIFY(journal(place("stocked.db")).add() == 3);
}
BEHAVIOUR_CASE(stocked_more, second, session<stocked_journal>, PLAIN) {
    VERIFY(journal(place("stocked.db")).add() == 3);
}

#endif

// What some do when it is asked for.

BEHAVIOUR_SUITE(perils);
BEHAVIOUR_CASE(perils, may_die, nothing, PLAIN) {
    journal pages;
    VERIFY(pages.add() == 0);
    if (is_asked_for("SUBJECT_DIES")) {
        pages.run("BEGIN IMMEDIATE; INSERT INTO lines VALUES ('y')");
        std::raise(SIGKILL);
    }
}
BEHAVIOUR_CASE(perils, may_hang, nothing, PLAIN) {
    journal pages;
    VERIFY(pages.add() == 0);
    if (is_asked_for("SUBJECT_HANGS")) {
        pages.run("BEGIN IMMEDIATE; INSERT INTO lines VALUES ('y')");
        ::pause();
    }
}
BEHAVIOUR_CASE(perils, may_fail_at_first, nothing, PLAIN) {
    VERIFY(journal().add() == 0);
    const std::filesystem::path trace = place("was_there");
    if (is_asked_for("SUBJECT_FAILS_ONCE") && !std::filesystem::exists(trace)) {
        std::ofstream(trace) << "once";
        FAIL_WITH("at first");
    }
}
BEHAVIOUR_CASE(perils, may_open_others, nothing, PLAIN) {
    VERIFY(journal().add() == 0);
    if (is_asked_for("SUBJECT_OPENS_OTHERS")) {
        static const isolite::files claimed("*/journal.db");
        claimed.only();
        journal(place("other.sqlite")).add();
    }
}
BEHAVIOUR_CASE(perils, stays, nothing, PLAIN) {
    VERIFY(journal().add() == 0);
}

// What isolite warns of when a case begins that passes.

[[maybe_unused]] const auto* const opened_before_main =
    is_asked_for("SUBJECT_IS_TOO_EARLY") ? new journal(place("journal.db")) : nullptr;
BEHAVIOUR_SUITE(warned);
BEHAVIOUR_CASE(warned, first, nothing, PLAIN) {
    VERIFY(is_strict);
}
BEHAVIOUR_CASE(warned, second, nothing, PLAIN) {
    VERIFY(is_strict);
}

// What is left in the middle of something when it is asked for.

const char* const transaction = "BEGIN IMMEDIATE; INSERT INTO lines VALUES ('y')";

BEHAVIOUR_SUITE(leaving);
BEHAVIOUR_CASE(leaving, a_transaction, nothing, PLAIN) {
    VERIFY(journal().add() == 0);
    if (is_asked_for("SUBJECT_LEAVES")) {
        left_open().run(transaction);
    }
}
BEHAVIOUR_CASE(leaving, a_transaction_outside_of_wal, nothing, PLAIN) {
    VERIFY(journal().add() == 0);
    if (is_asked_for("SUBJECT_LEAVES")) {
        left_open().run(std::string("PRAGMA journal_mode = DELETE; ") + transaction);
    }
}
BEHAVIOUR_CASE(leaving, a_query, nothing, PLAIN) {
    VERIFY(journal().add() == 0);
    if (is_asked_for("SUBJECT_LEAVES")) {
        left_open().begin_to_read();
    }
}
BEHAVIOUR_CASE(leaving, one_and_throws, nothing, PLAIN) {
    VERIFY(journal().add() == 0);
    if (is_asked_for("SUBJECT_LEAVES")) {
        left_open().run(transaction);
        throw std::runtime_error("the test's own failure");
    }
}
BEHAVIOUR_CASE(leaving, one_with_a_fixture, session<stocked_journal>, PLAIN) {
    if (is_asked_for("SUBJECT_LEAVES")) {
        left_open("stocked.db").run(transaction);
    }
}
#ifdef FORGIVEN
BEHAVIOUR_CASE(leaving, one_where_failures_are_forgiven, nothing, FORGIVEN) {
    VERIFY(journal().add() == 0);
    if (is_asked_for("SUBJECT_LEAVES")) {
        left_open().run(transaction);
    }
    if (is_asked_for("SUBJECT_FORGIVES")) {
        FAIL_WITH("the test's own failure");
    }
}
#endif
#ifdef SECTION
BEHAVIOUR_CASE(leaving, one_in_its_first_section, nothing, PLAIN) {
    SECTION("leaves") {
        VERIFY(journal().add() == 0);
        if (is_asked_for("SUBJECT_LEAVES")) {
            left_open().run(transaction);
        }
    }
    SECTION("passes") {
        VERIFY(journal().add() == 0);
    }
}
BEHAVIOUR_CASE(leaving, one_in_its_last_section, nothing, PLAIN) {
    SECTION("passes") {
        VERIFY(journal().add() == 0);
    }
    SECTION("leaves") {
        VERIFY(journal().add() == 0);
        if (is_asked_for("SUBJECT_LEAVES")) {
            left_open().run(transaction);
        }
    }
}
#endif
BEHAVIOUR_CASE(leaving, nothing_behind, nothing, PLAIN) {
    VERIFY(journal().add() == 0);
}

// What others than fixtures of isolite's do around a case goes with it, too.

#ifdef BOOST_TEST_MODULE
struct around_a_case {
    void setup() { before = journal().add(); }
    void teardown() { VERIFY(before == 0 && journal().count() == 2); }
    int before = -1;
};
BOOST_AUTO_TEST_SUITE(pages)
BOOST_AUTO_TEST_CASE(wrapped, *boost::unit_test::fixture<around_a_case>()) {
    VERIFY(journal().add() == 1);
}
BOOST_AUTO_TEST_SUITE_END()
#endif

#ifdef TEST_CASE_PERSISTENT_FIXTURE // which is ended last
struct lasting_journal {
    mutable journal pages;
};
TEST_CASE_PERSISTENT_FIXTURE(lasting_journal, "pages/lasting", "[pages]") {
    VERIFY(pages.add() == 0);
}
#endif

#ifdef TEST_F
struct writing_listener : testing::EmptyTestEventListener {
    void OnTestEnd(const testing::TestInfo& /*test*/) override {
        if (is_asked_for("SUBJECT_LISTENS")) {
            journal().add();
        }
    }
};
const bool listens = [] {
    testing::UnitTest::GetInstance()->listeners().Append(new writing_listener);
    return true;
}();
#endif

} // namespace
