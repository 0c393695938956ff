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

/// Says how a worker came by the image of a seed.
enum class image_origin {
    built,       ///< The worker built it, once for all who want this content.
    mapped,      ///< It was there, or another worker built it meanwhile.
    built_alone, ///< The worker built it for itself: the cache is off or of no use to this seed.
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

    /// Enters the image of a seed that was obtained. `why_alone` says why it cannot be shared, ""
    /// if it can.
    void add_image(std::string_view seed, image_origin origin, std::string_view why_alone,
                   duration obtaining);

    /// Enters an engine that was opened on its images.
    void add_engine(duration opening);

    /// Enters a session: opening it, the test's own time between, and closing it.
    void add_session(std::string_view test, duration opening, duration test_time, duration closing);

    /// Returns the time spent on images, engines and sessions so far.
    [[nodiscard]] duration time_in_fixtures() const;

    /// Returns one paragraph: worker, sessions, time in fixtures, the slowest 10 tests, and the
    /// seeds that every worker applies for itself. Empty when there was neither an engine nor a
    /// session.
    [[nodiscard]] std::string summary(std::string_view worker) const;

  private:
    struct state;
    state* const state_; // lives as long as the ledger
};

} // namespace isolite
