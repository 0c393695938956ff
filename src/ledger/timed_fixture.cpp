#include <isolite/timed_fixture.hpp>

#include "ledger/ledger.hpp"

#include <exception>

namespace isolite {

timed_fixture::timed_fixture(std::string_view name)
    : name_(name), clock_(std::make_unique<records::fixture_clock>()) {}

timed_fixture::~timed_fixture() {
    try {
        clock_->enter(records::fixture_kind::own, {name_});
    } catch (const std::exception&) { // no memory: the summary lacks it, the test goes on
        return;
    }
}

} // namespace isolite
