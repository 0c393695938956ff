#include <isolite/fixture.hpp>

namespace isolite {

namespace {

/// Returns what a result holds; set-up that failed ends the test.
template <typename Value>
Value taken(result<Value> from) {
    if (!from) {
        throw setup_error(from.error().text());
    }
    return std::move(*from);
}

} // namespace

fixture::fixture(framework& framework, const result<engine*>& opened, mode mode)
    : framework_(framework), engine_(*taken(opened)),
      session_(taken(session::open(engine_, framework.current_test(), mode))) {}

fixture::~fixture() {
    try {
        if (const auto closed = session_.close(); !closed) {
            framework_.fail(closed.error().text());
        }
    } catch (const std::exception& problem) {
        framework_.fail(std::string("cannot close the session: ") + problem.what());
    }
}

} // namespace isolite
