#include "ledger/recorder.hpp"

#include "error/warning.hpp"
#include "ledger/run_directory.hpp"
#include "os/host.hpp"
#include "os/process_tree.hpp"
#include "text/shell_words.hpp"
#include "worker/file_names.hpp"

#include <isolite/version.hpp>
#include <isolite/worker.hpp>

#include <ctime>

#include <sqlite3.h>

namespace isolite::records {

namespace {

using std::chrono::nanoseconds;

constexpr int format = 1;
constexpr std::size_t most_of_command = 4096;

nanoseconds calendar_time() {
    return std::chrono::system_clock::now().time_since_epoch();
}

/// Returns a command line, of a long one the first words.
std::string command_of(const os::process& process) {
    std::string command;
    for (const std::string& word : process.arguments) {
        const std::string next = (command.empty() ? "" : " ") + text::shell_word(word);
        if (command.size() + next.size() > most_of_command) {
            return command + " ...";
        }
        command += next;
    }
    return command;
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

void recorder::end(std::size_t cases) {
    if (!ended_) {
        ended_ = true;
        ended_at_ = now();
        if (record_line* const line = begin("end", ended_at_)) {
            line->add("cases", static_cast<std::int64_t>(cases));
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
    const auto pid = std::to_string(os::own_number());
    return make_run_directory(**runs, run_)
        .and_then([&](const std::string& directory) {
            return record_file::create(directory, name + "-" + pid);
        })
        .and_then([&](record_file made) {
            file_.emplace(std::move(made));
            state_ = state::open;
            add_head(*self, name);
            return file_->append(line_.end());
        });
}

void recorder::add_head(const worker& self, const std::string& name) {
    const os::process process = os::this_process();
    const nanoseconds since = now() - started_;
    line_.begin("process", started_)
        .add("format", std::int64_t(format))
        .add("unix_ns", (calendar_time() - since).count())
        .add("run", run_)
        .add("program", os::program_path())
        .add("worker", name)
        .add("slot", std::int64_t(self.slot))
        .add("incarnation", std::int64_t(self.incarnation))
        .add("shard_index", std::int64_t(self.shard.index))
        .add("shard_total", std::int64_t(self.shard.total))
        .add("pid", process.pid)
        .add("parent", std::int64_t(parent_))
        .add("identity", process.identity());
    if (parent_ == 0) { // a worker has that of its parent
        const os::host host = os::this_host();
        line_.add("command", command_of(process))
            .add("directory", os::working_directory())
            .add("host", host.name)
            .add("system", host.system)
            .add("cores", std::int64_t(host.cores))
            .add("isolite", std::string_view(ISOLITE_VERSION))
            .add("sqlite", std::string_view(sqlite3_libversion()));
    }
}

} // namespace isolite::records
