#define BOOST_TEST_MODULE subject

#include "subject.hpp"

#include <isolite/boost_test_main.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

// A program to report on, the same for both frameworks; real_runs_test.py judges.

namespace {

namespace unit_test = boost::unit_test;

using rollback = isolite::boost_test::session<subject::shop>;
using data = subject::data_of<isolite::boost_test::suite<subject::shop>>;

void act(const std::string& name) {
    subject::act(name, [] { BOOST_ERROR("no luck"); });
}

const auto copied = isolite::boost_test::isolated(isolite::mode::copy_on_write);

} // namespace

BOOST_AUTO_TEST_CASE(sleeps) {
    act("sleeps");
}
BOOST_AUTO_TEST_CASE(sleeps_longer) {
    act("sleeps_longer");
}

BOOST_AUTO_TEST_SUITE(kept_clean)
BOOST_FIXTURE_TEST_CASE(reads, rollback) {
    subject::read(*this);
    act("reads");
}
BOOST_FIXTURE_TEST_CASE(updates, rollback) {
    subject::update(*this);
    act("updates");
}
BOOST_FIXTURE_TEST_CASE(commits, rollback) {
    subject::commit(*this);
    act("commits");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(copied_away, *copied)
BOOST_FIXTURE_TEST_CASE(reads_copy, rollback) {
    subject::read(*this);
    act("reads_copy");
}
BOOST_FIXTURE_TEST_CASE(updates_copy, rollback) {
    subject::update(*this);
    act("updates_copy");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(verdicts)
BOOST_AUTO_TEST_CASE(fails) {
    act("fails");
    BOOST_ERROR("it fails");
}
BOOST_AUTO_TEST_CASE(disabled, *unit_test::disabled()) {
    act("disabled");
}
BOOST_AUTO_TEST_CASE(needs_another, *unit_test::depends_on("verdicts/fails")) {
    act("needs_another");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(has_a_fixture) {
    subject::make_own_fixture();
    act("has_a_fixture");
}

BOOST_AUTO_TEST_SUITE(with_data, *isolite::boost_test::suite_fixture<data>())
BOOST_FIXTURE_TEST_CASE(first_with_data, rollback) {
    subject::read(*this);
    act("first_with_data");
}
BOOST_FIXTURE_TEST_CASE(second_with_data, rollback) {
    subject::update(*this);
    act("second_with_data");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_DATA_TEST_CASE_F(rollback, rows, unit_test::data::xrange(12), row) {
    this->execute("DELETE FROM products WHERE id = ?", row + 1);
    act("row_" + std::to_string(row));
}
