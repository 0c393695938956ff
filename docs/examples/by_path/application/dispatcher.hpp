#pragma once

#include "sqlite.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace hostel {

struct message {
    std::string guest;
    std::string text;
};

/// Sends what waits in the outbox, in a thread with a connection of its own. Mail that cannot be
/// sent is tried three times.
class dispatcher {
  public:
    using sender = std::function<void(const message&)>;

    dispatcher(std::string path, sender send);
    ~dispatcher();

    /// Waits until nothing waits that was in the outbox when it was called.
    /// Errors: `std::runtime_error` when that takes too long, or when the thread has failed.
    void drain(std::chrono::seconds patience = std::chrono::seconds(10));

  private:
    void run();
    void send_all(connection& db);

    std::string path_;
    sender send_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stops_ = false;
    std::string failure_;
    int asked_ = 0; // by `drain`
    int done_ = 0;  // the last that was asked for before the outbox was found empty
    std::thread thread_;
};

} // namespace hostel
