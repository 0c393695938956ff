#pragma once

#include <chrono>
#include <csignal>
#include <optional>

namespace isolite::run {

/// Holds back, while it lives, the signals that a parent of workers waits for: the end of a child,
/// Ctrl-C, and what asks a process to end, but for those that the program ignores.
class signal_watch {
  public:
    signal_watch();
    ~signal_watch();
    signal_watch(const signal_watch&) = delete;
    signal_watch& operator=(const signal_watch&) = delete;

    /// Waits for one of them. Returns nothing when none came in time.
    [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds most) const;

    /// Takes back those that came and nobody waited for. Returns one that asks to end, if any does.
    [[nodiscard]] std::optional<int> take_pending() const;

    /// Gives a forked child what was before.
    void restore() const;

    /// Lets what asks the process to end be held back when this watch has ended, too: for the rest
    /// of a process that is about to end by itself. Nor does that end by a pipe without a reader:
    /// Ctrl-C stops who reads the reports, such as CTest, as well.
    void keep_requests();

  private:
    sigset_t awaited_{};
    sigset_t before_{};
    struct sigaction children_before_ {};
    bool keeps_requests_ = false;
};

} // namespace isolite::run
