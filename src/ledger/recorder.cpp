#include "ledger/recorder.hpp"

#include "error/warning.hpp"
#include "ledger/run_directory.hpp"
#include "os/own_process.hpp"
#include "worker/file_names.hpp"

#include <isolite/worker.hpp>

#include <ctime>

namespace isolite::records {

namespace {

using std::chrono::nanoseconds;

constexpr int format = 1;

nanoseconds calendar_time() {
    return std::chrono::system_clock::now().time_since_epoch();
}

} // namespace

recorder::recorder(pid_t parent) : parent_(parent), started_(now()) {}

nanoseconds recorder::now() {
    return std::chrono::steady_clock::now().time_since_epoch();
}

void recorder::become_parent() {
    is_parent_ = true;
    make_ready();
}

recorder recorder::of_worker(pid_t parent) const {
    recorder forked(parent);
    forked.run_ = run_;
    forked.state_ = state_ == state::off ? state::off : state::unopened;
    return forked;
}

void recorder::prepare() {
    state_ = state::off; // unless it can be opened
    if (const auto opened = open(); !opened) {
        give_up(opened.error());
    }
}

void recorder::commit() {
    if (const auto kept = file_->append(line_.end()); !kept) {
        give_up(kept.error());
    }
}

void recorder::end() {
    if (!ended_) {
        ended_ = true;
        ended_at_ = now();
        if (begin("end", ended_at_)) {
            commit();
        }
    }
    if (state_ == state::open) {
        file_->trim();
    }
}

void recorder::give_up(const error& why) {
    state_ = state::off;
    warnings::warn_once(why);
}

/// Makes the file and writes its head.
result<void> recorder::open() {
    const auto runs = place_of_runs(workers::environment::of_process());
    if (!runs) {
        return tl::unexpected(runs.error());
    }
    if (!*runs) {
        return {};
    }
    const result<worker>& self = worker::current();
    if (!self) {
        return tl::unexpected(self.error());
    }
    const std::string name = is_parent_ ? "parent" : self->name;
    run_ = run_.empty() ? self->run_id : run_;
    const auto pid = static_cast<std::int64_t>(os::own_number());
    return make_run_directory(**runs, run_)
        .and_then([&](const std::string& directory) {
            return record_file::create(directory, name + "-" + std::to_string(pid));
        })
        .and_then([&](record_file made) {
            file_.emplace(std::move(made));
            state_ = state::open;
            const nanoseconds since = now() - started_;
            line_.begin("process", started_)
                .add("format", std::int64_t(format))
                .add("unix_ns", (calendar_time() - since).count())
                .add("run", run_)
                .add("program", os::program_path())
                .add("worker", name)
                .add("slot", std::int64_t(self->slot))
                .add("incarnation", std::int64_t(self->incarnation))
                .add("shard_index", std::int64_t(self->shard.index))
                .add("shard_total", std::int64_t(self->shard.total))
                .add("pid", pid)
                .add("parent", std::int64_t(parent_));
            return file_->append(line_.end());
        });
}

} // namespace isolite::records
