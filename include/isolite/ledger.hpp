#pragma once

#include <isolite/visibility.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace isolite {

/// Counts and adds up how often and how long one kind of fixture work was done.
struct fixture_cost {
    std::size_t count = 0;
    std::chrono::nanoseconds total{0};

    void add(std::chrono::nanoseconds duration) noexcept {
        ++count;
        total += duration;
    }
};

/// What the fixtures of one process cost, apart from the tests that used them.
/// Threads: every function may be called from any thread.
class ISOLITE_API ledger {
  public:
    using duration = std::chrono::nanoseconds;

    /// Returns the ledger of this process.
    [[nodiscard]] static ledger& of_process();

    ledger();
    ~ledger();
    ledger(const ledger&) = delete;
    ledger& operator=(const ledger&) = delete;

    /// Enters an engine that was opened: seeding it, and all else that opening took.
    void add_engine(duration seeding, duration opening);

    /// Enters a session: opening it, the test's own time between, and closing it.
    void add_session(std::string_view test, duration opening, duration test_time, duration closing);

    /// Returns one paragraph: worker, sessions, time in fixtures, the slowest 10 tests. Empty when
    /// there was neither an engine nor a session.
    [[nodiscard]] std::string summary(std::string_view worker) const;

  private:
    struct state;
    state* const state_; // lives as long as the ledger
};

} // namespace isolite
