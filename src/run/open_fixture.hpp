#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace isolite::run {

/// The fixtures of a suite, or of the whole program, which are made or ended.
struct fixture_phase {
    std::string suite; ///< "" for the whole program
    bool ends = false; ///< They are made otherwise.

    /// Returns "the set-up of the suite 'orders'".
    [[nodiscard]] std::string text() const;

    /// Says whether they are around the cases of a suite, or of one in it.
    [[nodiscard]] bool is_around(const std::string& inner) const;
};

/// The fixtures outside of cases that a worker is at, in memory that it shares with its parent.
/// Written by the worker alone while it lives.
class open_fixture {
  public:
    /// Enters them. A name of hundreds of characters loses its end.
    void enter(const fixture_phase& phase);

    void leave() { since_.store(0); }

    [[nodiscard]] bool is_open() const { return since_.load() != 0; }

    /// Returns them, nothing if it is at none.
    [[nodiscard]] std::optional<fixture_phase> phase() const;

    /// Says whether they have taken longer than `limit`; 0 is no limit.
    [[nodiscard]] bool is_overdue(std::chrono::milliseconds limit) const;

  private:
    /// Units: nanoseconds of the steady clock; 0: it is at none.
    std::atomic<std::int64_t> since_{0};
    std::atomic<bool> ends_{false};
    std::array<char, 256> suite_{};
};

} // namespace isolite::run
