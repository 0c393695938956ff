#pragma once

#include <isolite/engine.hpp>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

/// A thread that a test starts and does not join, with a connection of its own.
class runaway {
  public:
    /// What the thread does each time, with its connection; a failure is none of ours, since its
    /// locks may be taken away at any time.
    using round = std::function<void(SQLite::Database&)>;

    /// Starts the thread and returns when it has done its first round.
    runaway(isolite::engine& engine, round round);
    ~runaway() { join(); }
    runaway(const runaway&) = delete;
    runaway& operator=(const runaway&) = delete;

    /// Returns when the thread has done some more rounds.
    void let_it_run();

    void join();

  private:
    void run(const std::string& uri);
    void wait_for(unsigned long rounds);

    round round_;
    std::atomic<bool> stopped_{false};
    std::mutex mutex_;
    std::condition_variable progress_;
    unsigned long rounds_ = 0;
    std::thread thread_;
};
