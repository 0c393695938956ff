#pragma once

#include "run/schedule.hpp"
#include "run/supervisor.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <new>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/// An object that a test shares with the processes that it forks.
template <typename Object>
class shared {
  public:
    shared()
        : object_(new (::mmap(nullptr, sizeof(Object), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0)) Object{}) {}
    shared(const shared&) = delete;
    shared& operator=(const shared&) = delete;
    ~shared() { ::munmap(object_, sizeof(Object)); }

    Object& operator*() const { return *object_; }
    Object* operator->() const { return object_; }

  private:
    Object* object_;
};

/// A run of cases in forked workers, without any framework: a case is what `body` does at its
/// position. Fields are set before `run`.
struct small_run {
    using forked_worker = isolite::run::forked_worker;
    using verdict = isolite::results::verdict;
    /// Which cases are run by up to how many workers, in the order of the schedule.
    struct round {
        std::size_t workers;
        bool retry = false;
        std::vector<std::size_t> chosen = {}; ///< Default: all
    };

    small_run(std::size_t count, std::size_t workers) : cases(count), rounds{{workers}} {
        for (std::size_t i = 0; i < count; ++i) {
            cases[i].name = "case " + std::to_string(i);
        }
    }

    /// Runs `body` in the workers, and returns what became of the cases. A body that throws, which
    /// no framework would let pass, ends its worker with status 99.
    isolite::results::outcome run(const std::function<verdict(forked_worker&, std::size_t)>& body) {
        const stderr_kept kept;
        auto outcome = outcome_of(body);
        said = kept.text();
        return outcome;
    }

    std::vector<isolite::results::test_case> cases;
    std::vector<round> rounds;
    std::chrono::milliseconds timeout{0};
    std::uint64_t max_failures = 0;
    std::size_t bytes_of_journal = isolite::run::journal::usual_bytes;
    isolite::run::exit_scope scope_of_exit = isolite::run::exit_scope::own;
    std::chrono::milliseconds limit_of_exit{60000};
    bool leaves_streams = false;
    /// What it claims the next case with.
    forked_worker::meanwhile between = forked_worker::meanwhile::fixtures;
    /// What a worker does before its first case.
    std::function<void(forked_worker&)> at_start = [](forked_worker&) {};
    /// What a worker says of why a case did not pass.
    std::string why = "it was told to";
    std::shared_ptr<isolite::run::run_files> files; ///< of the last run
    std::string said;                               ///< what the parent wrote to stderr

  private:
    /// Keeps stderr in a file while it lives.
    class stderr_kept {
      public:
        stderr_kept() {
            std::fflush(stderr);
            ::dup2(file_, STDERR_FILENO);
        }
        stderr_kept(const stderr_kept&) = delete;
        stderr_kept& operator=(const stderr_kept&) = delete;
        ~stderr_kept() {
            ::dup2(before_, STDERR_FILENO);
            ::close(before_);
            ::close(file_);
        }
        [[nodiscard]] std::string text() const {
            std::string bytes(static_cast<std::size_t>(::lseek(file_, 0, SEEK_END)), '\0');
            const ssize_t got = ::pread(file_, bytes.data(), bytes.size(), 0);
            return got < 0 ? "" : bytes;
        }

      private:
        int before_ = ::dup(STDERR_FILENO);
        int file_ = ::memfd_create("stderr", MFD_CLOEXEC);
    };

    std::vector<isolite::worker> make_files(const isolite::run::schedule& schedule) {
        std::size_t workers = 0;
        for (const round& each : rounds) {
            workers = std::max(workers, each.workers);
        }
        std::vector<std::string> names;
        std::vector<std::chrono::milliseconds> limits;
        for (const auto& each : cases) {
            names.push_back(each.name);
            limits.push_back(each.timeout.count() > 0 ? each.timeout : timeout);
        }
        files.reset(new isolite::run::run_files{
            isolite::run::shared_records(cases.size(), workers, schedule.groups),
            {},
            {},
            names,
            schedule.group_of,
            limits,
            max_failures,
            timeout,
            {},
            scope_of_exit,
            limit_of_exit});
        files->leaves_streams = leaves_streams;
        std::vector<isolite::worker> places;
        for (unsigned slot = 0; slot < workers; ++slot) {
            auto journal = isolite::run::journal::open(bytes_of_journal);
            auto capture = isolite::run::output_capture::open();
            REQUIRE(journal);
            REQUIRE(capture);
            files->journals.push_back(*std::move(journal));
            files->captures.push_back(*std::move(capture));
            files->spare_captures.push_back(isolite::run::output_capture::open().value());
            places.push_back({"small", slot, "w" + std::to_string(slot), 0, {}});
        }
        return places;
    }

    isolite::results::outcome
    outcome_of(const std::function<verdict(forked_worker&, std::size_t)>& body) {
        std::vector<std::size_t> all(cases.size());
        std::iota(all.begin(), all.end(), std::size_t{0});
        const std::vector<std::chrono::nanoseconds> unknown(cases.size());
        auto places = make_files(isolite::run::schedule_of(cases, all, unknown, {}));
        isolite::run::supervisor parent(cases, files, std::move(places), unknown);
        for (const round& each : rounds) {
            if (parent.stopped()) {
                break;
            }
            const auto& order = each.chosen.empty() ? all : each.chosen;
            if (auto self = parent.run(order, each.workers, {each.retry})) {
                work(*self, body);
            }
        }
        return parent.finish();
    }

    [[noreturn]] void
    work(forked_worker& self,
         const std::function<verdict(forked_worker&, std::size_t)>& body) const noexcept {
        try {
            at_start(self);
            do {
                for (const std::size_t position : self.order()) {
                    if (self.claim(position, between)) {
                        const verdict became = body(self, position);
                        self.finish(became, became == verdict::passed ? "" : why);
                    }
                }
            } while (self.begin_next_pass());
        } catch (...) {
            ::_exit(99);
        }
        self.end();
    }
};

/// Returns the state of a process: 'S' when it sleeps, 0 when it is gone.
inline char state_of(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string line;
    std::getline(file, line);
    const std::size_t end = line.rfind(')');
    return end == std::string::npos ? '\0' : line.at(end + 2);
}

/// Says which incarnation of its worker this process is.
inline unsigned incarnation() {
    return isolite::worker::current()->incarnation;
}
