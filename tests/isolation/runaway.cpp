#include "runaway.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include <utility>

runaway::runaway(isolite::engine& engine, round round)
    : round_(std::move(round)), thread_([this, uri = engine.uri()] { run(uri); }) {
    wait_for(1);
}

void runaway::run(const std::string& uri) {
    SQLite::Database database(uri, SQLite::OPEN_READWRITE | SQLite::OPEN_URI, 1000);
    while (!stopped_) {
        try {
            round_(database);
        } catch (const SQLite::Exception&) {
            database.tryExec("ROLLBACK");
        }
        const std::lock_guard guard(mutex_);
        ++rounds_;
        progress_.notify_all();
    }
}

void runaway::wait_for(unsigned long rounds) {
    std::unique_lock lock(mutex_);
    progress_.wait(lock, [&] { return rounds_ >= rounds; });
}

void runaway::let_it_run() {
    unsigned long now = 0;
    {
        const std::lock_guard guard(mutex_);
        now = rounds_;
    }
    wait_for(now + 3);
}

void runaway::join() {
    stopped_ = true;
    if (thread_.joinable()) {
        thread_.join();
    }
}
