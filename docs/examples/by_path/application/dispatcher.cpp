#include "dispatcher.hpp"

#include <utility>

namespace hostel {

dispatcher::dispatcher(std::string path, sender send)
    : path_(std::move(path)), send_(std::move(send)), thread_([this] { run(); }) {}

dispatcher::~dispatcher() {
    {
        const std::lock_guard lock(mutex_);
        stops_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void dispatcher::drain(std::chrono::seconds patience) {
    std::unique_lock lock(mutex_);
    const int mine = ++asked_;
    changed_.notify_all();
    if (!changed_.wait_for(lock, patience, [&] { return done_ >= mine || !failure_.empty(); }))
        throw std::runtime_error("the mail takes too long");
    if (!failure_.empty())
        throw std::runtime_error(failure_);
}

void dispatcher::run() {
    std::unique_lock lock(mutex_, std::defer_lock);
    try {
        connection db(path_);
        lock.lock();
        while (!stops_) {
            const int asked = asked_;
            lock.unlock();
            send_all(db);
            lock.lock();
            done_ = asked;
            changed_.notify_all();
            changed_.wait_for(lock, std::chrono::milliseconds(20),
                              [&] { return stops_ || asked_ > asked; });
        }
    } catch (const std::exception& error) {
        if (!lock.owns_lock())
            lock.lock();
        failure_ = error.what();
        changed_.notify_all();
    }
}

void dispatcher::send_all(connection& db) {
    for (;;) {
        std::int64_t id = 0;
        message next;
        {
            statement row(db, "SELECT id, guest, text FROM outbox WHERE state = 'waiting'"
                              " ORDER BY id LIMIT 1");
            if (!row.step())
                return;
            id = row.integer(0);
            next = {row.text(1), row.text(2)};
        }
        std::string state = "'sent'";
        try {
            send_(next);
        } catch (const std::exception&) {
            state = "iif(attempts < 2, 'waiting', 'failed')";
        }
        statement(
            db, "UPDATE outbox SET attempts = attempts + 1, state = " + state + " WHERE id = ?", id)
            .step();
    }
}

} // namespace hostel
