#pragma once

#include "connection.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace isolite::store::tests {

/// A connection that lives on a thread of its own. Calls wait until that thread has done the work.
class remote_connection {
  public:
    remote_connection(const std::string& name, const char* vfs) {
        on_thread([&] {
            database_.emplace(name, vfs);
            (void)database_->run("PRAGMA synchronous = OFF");
        });
    }
    ~remote_connection() {
        on_thread([this] {
            walk_.reset();
            database_.reset();
            ended_ = true;
        });
        thread_.join();
    }
    remote_connection(const remote_connection&) = delete;
    remote_connection& operator=(const remote_connection&) = delete;

    outcome run(const std::string& sql) {
        outcome result;
        on_thread([&] { result = database_->run(sql); });
        return result;
    }

    /// Prepares a query and fetches its first row.
    outcome open(const std::string& sql) {
        outcome result;
        on_thread([&] {
            walk_.reset();
            result = walk_.emplace(database_->handle(), sql).step(1);
        });
        return result;
    }

    /// Fetches the next rows of the open query.
    outcome step(std::size_t rows) {
        outcome result;
        on_thread([&] { result = walk_ ? walk_->step(rows) : outcome{}; });
        return result;
    }

    /// Closes the open query.
    outcome close() {
        on_thread([this] { walk_.reset(); });
        return {};
    }

  private:
    void on_thread(std::function<void()> work) {
        std::unique_lock lock(mutex_);
        work_ = std::move(work);
        changed_.notify_one();
        changed_.wait(lock, [this] { return !work_; });
    }
    void serve() {
        std::unique_lock lock(mutex_);
        while (!ended_) {
            changed_.wait(lock, [this] { return work_ != nullptr; });
            work_();
            work_ = nullptr;
            changed_.notify_one();
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::function<void()> work_; // null when it is done
    bool ended_ = false;
    std::optional<connection> database_;
    std::optional<cursor> walk_;
    std::thread thread_{[this] { serve(); }};
};

} // namespace isolite::store::tests
