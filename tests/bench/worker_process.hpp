#pragma once

#include <functional>
#include <vector>

#include <sys/types.h>

namespace bench {

/// Runs `work` in a process of its own and returns how long it took there.
/// Units: nanoseconds. Ends the program when the process fails.
double in_worker(const std::function<void()>& work);

/// Processes that do the same at once, and stay afterwards until they were looked at.
class worker_crowd {
  public:
    /// Starts them and waits until each has done `work`.
    worker_crowd(int workers, const std::function<void()>& work);
    ~worker_crowd();
    worker_crowd(const worker_crowd&) = delete;
    worker_crowd& operator=(const worker_crowd&) = delete;

    /// Returns the time from the start until the last was done.
    [[nodiscard]] double nanoseconds() const { return nanoseconds_; }

    /// Returns the sum of their proportional set sizes: what several share counts once.
    [[nodiscard]] double proportional_bytes() const;

  private:
    std::vector<pid_t> workers_;
    int to_end_; // all end when this pipe is closed
    double nanoseconds_;
};

} // namespace bench
