#include "../sandbox/in_child.hpp"
#include "endings.hpp"
#include "small_run.hpp"

#include "os/signal_name.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <thread>

#include <sys/wait.h>

using namespace std::chrono_literals;

using isolite::results::event;
using isolite::results::verdict;
using isolite::run::forked_worker;

namespace {

/// Gives this process its signals back: a run that one stopped holds them back for good.
class mask_kept {
  public:
    mask_kept() { ::pthread_sigmask(SIG_BLOCK, nullptr, &before_); }
    mask_kept(const mask_kept&) = delete;
    mask_kept& operator=(const mask_kept&) = delete;
    ~mask_kept() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  private:
    sigset_t before_{};
};

const char* const killed = "its worker was killed by signal 9 (SIGKILL, Killed)";

} // namespace

TEST_CASE("a worker that dies in a case fails that case, and is replaced for the others") {
    small_run small(4, 1);
    const auto outcome = small.run([](forked_worker&, std::size_t position) {
        if (position == 1) {
            ::raise(SIGKILL);
        }
        return passed_if(incarnation() == (position > 1 ? 1 : 0));
    });
    for (const std::size_t position : {0, 2, 3}) {
        CHECK((outcome.results[position].verdict == verdict::passed));
    }
    CHECK((outcome.results[1].verdict == verdict::failed));
    CHECK(outcome.results[1].death == killed);
    CHECK(outcome.results[1].attempts == 1);
    CHECK(outcome.results[1].failures == 1);
    CHECK(outcome.workers[0].cases == 4);
    CHECK(outcome.workers[0].replacements == 1);
    CHECK(outcome.troubles.empty());
    CHECK(small.said == "isolite: failed: case 1 (w0)\n  " + std::string(killed) + "\n");
}

TEST_CASE("a worker whose last case kills it is not replaced") {
    small_run small(1, 1);
    const auto outcome = small.run([](forked_worker&, std::size_t) {
        ::raise(SIGKILL);
        return verdict::passed;
    });
    CHECK(outcome.results[0].death == killed);
    CHECK(outcome.workers[0].replacements == 0);
}

TEST_CASE("a case that ends the process fails, even with the status 0") {
    small_run small(2, 1);
    const auto outcome = small.run([](forked_worker&, std::size_t position) {
        ::_exit(position == 0 ? 0 : 3);
        return verdict::passed;
    });
    CHECK(outcome.results[0].why == "it ended the process of its worker with status 0");
    CHECK(outcome.results[1].why == "it ended the process of its worker with status 3");
    CHECK(outcome.troubles.empty());
}

TEST_CASE("a worker that is killed between claiming a case and starting it fails that case") {
    small_run small(3, 1);
    small.at_start = [&](forked_worker&) {
        if (incarnation() == 0) {
            auto& records = small.files->records;
            records.of_case(1).owner = 1;
            records.of_worker(0).claims = 1;
            ::raise(SIGKILL);
        }
    };
    const auto outcome = small.run([](forked_worker&, std::size_t) { return verdict::passed; });
    CHECK((outcome.results[0].verdict == verdict::passed));
    CHECK((outcome.results[1].verdict == verdict::failed));
    CHECK(outcome.results[1].death == killed);
    CHECK((outcome.results[1].duration == 0ns));
    CHECK((outcome.results[2].verdict == verdict::passed));
}

TEST_CASE("a group whose worker died goes on in its replacement") {
    small_run small(6, 2);
    for (auto& each : small.cases) {
        each.resources = {"a"};
    }
    const auto outcome = small.run([](forked_worker&, std::size_t position) {
        if (position == 2) {
            ::raise(SIGKILL);
        }
        return verdict::passed;
    });
    for (std::size_t i = 0; i < 6; ++i) {
        CAPTURE(i);
        CHECK((outcome.results[i].verdict == (i == 2 ? verdict::failed : verdict::passed)));
        CHECK(outcome.results[i].worker == outcome.results[0].worker);
    }
}

TEST_CASE("workers that die before they claim anything are given up, and say what they wrote") {
    small_run small(2, 1);
    small.at_start = [](forked_worker&) {
        std::fputs("no database today\n", stderr);
        ::_exit(3);
    };
    const auto outcome = small.run([](forked_worker&, std::size_t) { return verdict::passed; });
    const std::string trouble = "worker w0 died outside of any case: it ended the process of its "
                                "worker with status 3\nno database today\n";
    CHECK(outcome.troubles == std::vector<std::string>{trouble, trouble});
    for (const auto& each : outcome.results) {
        CHECK((each.verdict == verdict::not_run));
        CHECK(each.attempts == 0);
    }
    CHECK(outcome.workers[0].cases == 0);
}

TEST_CASE("cases that share a resource go to another worker when theirs is given up") {
    const shared<std::atomic<int>> begun;
    const auto is_first = [] { return isolite::worker::current()->slot == 0; };
    small_run small(3, 2);
    for (auto& each : small.cases) {
        each.resources = {"a"};
    }
    small.at_start = [&](forked_worker&) {
        if (is_first() && incarnation() > 0) {
            ::_exit(3);
        }
        while (!is_first() && *begun == 0) {
            std::this_thread::yield();
        }
    };
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        ++*begun;
        if (position == 1) {
            ::_exit(3);
        }
        return verdict::passed;
    });
    CHECK((outcome.results[0].verdict == verdict::passed));
    CHECK((outcome.results[1].verdict == verdict::failed));
    CHECK((outcome.results[2].verdict == verdict::passed));
    CHECK(outcome.results[2].worker == 1);
}

TEST_CASE("replacements that claim nothing are given up as well") {
    small_run small(2, 1);
    small.at_start = [](forked_worker&) {
        if (incarnation() > 0) {
            ::_exit(3);
        }
    };
    const auto outcome = small.run([](forked_worker&, std::size_t) {
        ::raise(SIGKILL);
        return verdict::passed;
    });
    CHECK(outcome.results[0].death == killed);
    CHECK((outcome.results[1].verdict == verdict::not_run));
    CHECK(outcome.troubles.size() == 2);
}

TEST_CASE("what its parent has not written yet, a worker does not write") {
    std::FILE* const log = std::tmpfile();
    REQUIRE(log);
    std::fputs("parent ", log);
    small_run small(1, 1);
    static_cast<void>(small.run([&](forked_worker&, std::size_t) {
        std::fputs("worker", log);
        std::fflush(log);
        return verdict::passed;
    }));
    std::array<char, 64> text{};
    std::rewind(log);
    CHECK(std::fread(text.data(), 1, text.size() - 1, log) > 0);
    CHECK(std::string(text.data()) == "parent worker");
    std::fclose(log);
}

TEST_CASE("a worker that has claimed cases and dies between two of them costs no case") {
    small_run small(2, 1);
    small.at_start = [](forked_worker& self) {
        if (incarnation() == 0 && self.claim(0)) {
            self.finish(verdict::passed, "");
            ::raise(SIGKILL);
        }
    };
    const auto outcome =
        small.run([](forked_worker&, std::size_t) { return passed_if(incarnation() == 1); });
    CHECK((outcome.results[0].verdict == verdict::passed));
    CHECK((outcome.results[1].verdict == verdict::passed));
    CHECK(outcome.workers[0].replacements == 1);
}

TEST_CASE("a worker that finds nothing more to do is not replaced, although cases are open") {
    // The other one has them: they are of one group.
    const shared<std::atomic<pid_t>> idle;
    small_run small(3, 2);
    small.cases[0].resources = small.cases[1].resources = {"a"};
    small.cases[0].timeout = 1h;
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        if (position == 2) {
            *idle = ::getpid();
        }
        if (position == 0) {
            while (*idle == 0 || ::kill(*idle, 0) == 0) {
                std::this_thread::yield();
            }
            // The parent kills this one in the same look around in which it buried the other.
            small.files->records.of_worker(0).since.fetch_sub(std::chrono::nanoseconds(2h).count());
            small.files->records.of_worker(1).since.fetch_sub(std::chrono::nanoseconds(2h).count());
            wait_for_ever();
        }
        return verdict::passed;
    });
    CHECK(outcome.results[0].death ==
          "it took longer than its timeout of 3600 s, and its worker was killed");
    CHECK((outcome.results[1].verdict == verdict::passed));
    CHECK(outcome.workers[outcome.results[0].worker].replacements == 1);
    CHECK(outcome.workers[outcome.results[2].worker].replacements == 0);
    CHECK(outcome.troubles.empty());
}

TEST_CASE("a case that takes longer than its timeout is killed, others have theirs") {
    small_run small(3, 1);
    small.timeout = 1h;
    small.cases[1].timeout = 20ms;
    const auto outcome = small.run([](forked_worker&, std::size_t position) {
        if (position == 1) {
            std::fputs("still waiting\n", stderr);
            wait_for_ever();
        }
        return verdict::passed;
    });
    const auto& late = outcome.results[1];
    CHECK((late.verdict == verdict::failed));
    CHECK(late.death == "it took longer than its timeout of 0.02 s, and its worker was killed");
    CHECK(late.why == late.death);
    CHECK(late.output == "still waiting\n");
    CHECK((late.duration >= 20ms));
    CHECK((outcome.results[2].verdict == verdict::passed));
}

TEST_CASE("each case that takes too long is killed, and blamed for no more than that") {
    small_run small(4, 1);
    small.cases[0].timeout = small.cases[1].timeout = 20ms;
    const auto outcome = small.run([](forked_worker&, std::size_t position) {
        if (position < 2) {
            wait_for_ever();
        }
        if (position == 2) {
            ::raise(SIGKILL);
        }
        return verdict::passed;
    });
    const std::string late = "it took longer than its timeout of 0.02 s, and its worker was killed";
    CHECK(outcome.results[0].death == late);
    CHECK(outcome.results[1].death == late);
    CHECK(outcome.results[2].death == killed);
    CHECK((outcome.results[3].verdict == verdict::passed));
    CHECK(outcome.workers[0].replacements == 3);
}

TEST_CASE("a replacement is not killed for the case of the worker before it") {
    small_run small(2, 1);
    small.cases[0].timeout = 20ms;
    small.at_start = [](forked_worker&) {
        for (int i = 0; i < 100 && incarnation() == 1; ++i) {
            ::kill(::getppid(), SIGCHLD); // lets it look around
            std::this_thread::yield();
        }
    };
    const auto outcome = small.run([](forked_worker&, std::size_t position) {
        if (position == 0) {
            wait_for_ever();
        }
        return verdict::passed;
    });
    CHECK((outcome.results[1].verdict == verdict::passed));
    CHECK(outcome.workers[0].replacements == 1);
    CHECK(outcome.troubles.empty());
}

TEST_CASE("the timeout of the run is that of a case without one") {
    small_run small(2, 1);
    small.timeout = 20ms;
    small.cases[0].timeout = 1h;
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        if (position == 1) {
            wait_for_ever();
        }
        small.files->records.of_worker(0).since.fetch_sub(std::chrono::nanoseconds(1min).count());
        return verdict::passed;
    });
    CHECK((outcome.results[0].verdict == verdict::passed));
    CHECK(outcome.results[1].death ==
          "it took longer than its timeout of 0.02 s, and its worker was killed");
}

TEST_CASE("an innocent case is given back when the overdue one ended before the kill") {
    small_run small(3, 1);
    small.cases[0].timeout = 1min;
    const auto outcome = small.run([&](forked_worker& self, std::size_t position) {
        if (position == 1 && incarnation() == 0) {
            // What the parent saw just before the worker went on.
            self.record({1, "of the first attempt"});
            auto& record = small.files->records.of_worker(0);
            record.since.fetch_sub(std::chrono::nanoseconds(2min).count());
            record.running = 0 + 1;
            wait_for_ever();
        }
        return verdict::passed;
    });
    for (const auto& each : outcome.results) {
        CHECK((each.verdict == verdict::passed));
        CHECK(each.attempts == 1);
        CHECK(each.events.empty());
    }
    CHECK(outcome.workers[0].replacements == 1);
    CHECK(outcome.workers[0].cases == 3);
    CHECK(outcome.troubles.empty());
}

TEST_CASE("of repeated rounds a failure stays, with what it said") {
    small_run small(3, 1);
    small.rounds = {{1}, {1}, {1}};
    const shared<std::array<std::atomic<int>, 3>> ran;
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        const int time = ++(*ran)[position];
        std::printf("time %d", time);
        return passed_if(position == 0 || (position == 1 ? time != 1 : time != 2));
    });
    const auto& results = outcome.results;
    CHECK((results[0].verdict == verdict::passed));
    CHECK(results[0].attempts == 3);
    CHECK(results[0].failures == 0);
    CHECK((results[1].verdict == verdict::failed));
    CHECK(results[1].attempts == 3);
    CHECK(results[1].failures == 1);
    CHECK(results[1].output == "time 1");
    CHECK((results[2].verdict == verdict::failed));
    CHECK(results[2].attempts == 3);
    CHECK(results[2].failures == 1);
    CHECK(results[2].output == "time 2");
    CHECK_FALSE(results[1].flaky());
    CHECK(outcome.workers[0].cases == 9);
    CHECK(small.said == "isolite: failed: case 1 (w0)\n  it was told to\n"
                        "isolite: output of case 1:\ntime 1\n"
                        "isolite: failed: case 2 (w0)\n  it was told to\n"
                        "isolite: output of case 2:\ntime 2\n");
}

TEST_CASE("a group may have another worker in each round") {
    small_run small(2, 2);
    small.cases[0].resources = small.cases[1].resources = {"a"};
    small.rounds = {{2}, {1}};
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        if (position == 1) {
            small.files->records.owner_of_group(0) = 2; // as if the second one had run it
        }
        return verdict::passed;
    });
    CHECK(outcome.results[0].attempts == 2);
    CHECK(outcome.results[1].attempts == 2);
}

TEST_CASE("a retry that passes makes a case flaky, one that fails is what is told") {
    small_run small(3, 1);
    small.rounds = {{1}, {1, true, {1, 2}}};
    const shared<std::array<std::atomic<int>, 3>> ran;
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        const int time = ++(*ran)[position];
        std::printf("time %d", time);
        return passed_if(position == 0 || (position == 1 && time == 2));
    });
    const auto& results = outcome.results;
    CHECK(results[0].attempts == 1);
    CHECK_FALSE(results[0].flaky());
    CHECK((results[1].verdict == verdict::passed));
    CHECK(results[1].attempts == 2);
    CHECK(results[1].failures == 1);
    CHECK(results[1].flaky());
    CHECK(results[1].why == "it was told to"); // the time before
    CHECK((results[2].verdict == verdict::failed));
    CHECK(results[2].attempts == 2);
    CHECK(results[2].failures == 2);
    CHECK(results[2].output == "time 2");
    CHECK_FALSE(results[2].flaky());
}

TEST_CASE("after a signal no other one ends the parent, which has a run to report") {
    const std::string seen = in_child([] {
        ::signal(SIGTERM, SIG_DFL);
        small_run small(1, 1);
        const auto outcome = small.run([](forked_worker&, std::size_t) {
            ::kill(::getppid(), SIGTERM);
            wait_for_ever();
            return verdict::passed;
        });
        ::raise(SIGTERM);
        return std::string(outcome.interrupted_by == SIGTERM ? "stopped" : "not stopped");
    });
    CHECK(seen == "stopped");
}

TEST_CASE("a run that nobody stopped leaves the parent to signals") {
    CHECK(in_child([] {
              small_run small(1, 1);
              static_cast<void>(
                  small.run([](forked_worker&, std::size_t) { return verdict::passed; }));
              sigset_t mask;
              ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
              return std::string(::sigismember(&mask, SIGTERM) == 1 ? "deaf" : "hears");
          }) == "hears");
}

TEST_CASE("a signal stops the run: nobody is left running, and nothing more is claimed") {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        CAPTURE(signal);
        const mask_kept kept;
        ::signal(signal, SIG_DFL); // nohup ignores one of them
        small_run small(4, 1);
        small.rounds = {{1}, {1}};
        small.max_failures = 1;
        const auto outcome = small.run([=](forked_worker& self, std::size_t position) {
            if (position == 1) {
                self.record({1, "said before"});
                std::puts("still running");
                ::kill(::getppid(), signal);
                wait_for_ever();
            }
            return verdict::passed;
        });
        CHECK(outcome.interrupted_by == signal);
        CHECK_FALSE(outcome.too_many_failures);
        CHECK((outcome.results[0].verdict == verdict::passed));
        const auto& running = outcome.results[1];
        CHECK((running.verdict == verdict::failed));
        CHECK(running.interrupted);
        CHECK(running.death ==
              "it was running when the run was stopped by " + isolite::os::name_of_signal(signal));
        CHECK(running.why == running.death);
        CHECK(running.output == "still running\n");
        CHECK(running.events.size() == 1);
        CHECK(running.attempts == 1);
        CHECK((running.duration > 0ns));
        CHECK((outcome.workers[0].tests >= running.duration));
        CHECK(outcome.workers[0].cases == 2);
        CHECK(small.said.empty()); // not that it failed
        CHECK((outcome.results[2].verdict == verdict::not_run));
        CHECK(outcome.results[2].why == "");
        CHECK(outcome.troubles.empty());
        CHECK(outcome.workers[0].replacements == 0);
        CHECK_FALSE(outcome.is_complete());
    }
}

TEST_CASE("a signal that comes while workers make fixtures fails no case") {
    const std::string seen = in_child([] {
        ::signal(SIGTERM, SIG_DFL);
        const shared<std::atomic<int>> arrived;
        small_run small(2, 2);
        small.at_start = [&](forked_worker& self) {
            static_cast<void>(self.is_open(0));
            if (++*arrived == 2) {
                ::kill(::getppid(), SIGTERM);
            }
            wait_for_ever();
        };
        const auto outcome = small.run([](forked_worker&, std::size_t) { return verdict::passed; });
        std::string text;
        for (const auto& each : outcome.results) {
            text += std::string(isolite::results::name_of(each.verdict)) + each.why + ", ";
        }
        return text + std::to_string(outcome.troubles.size());
    });
    CHECK(seen == "not run, not run, 0");
}

TEST_CASE("of a retry that a signal cut off, the failure before it is told") {
    const mask_kept kept;
    ::signal(SIGTERM, SIG_DFL);
    small_run small(1, 1);
    small.rounds = {{1}, {1, true}};
    const auto outcome = small.run([](forked_worker&, std::size_t) {
        if (incarnation() > 0) {
            ::kill(::getppid(), SIGTERM);
            wait_for_ever();
        }
        return verdict::failed;
    });
    CHECK(outcome.results[0].why == "it was told to");
    CHECK(outcome.results[0].death == "");
    CHECK_FALSE(outcome.results[0].interrupted);
    CHECK(outcome.results[0].attempts == 2);
    CHECK(outcome.results[0].failures == 1);
}

TEST_CASE("what a killed worker leaves behind in its process group ends with it") {
    const shared<std::atomic<pid_t>> left;
    small_run small(2, 1);
    small.cases[1].timeout = 10s;
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        if (position == 0) {
            *left = ::fork();
            if (*left == 0) {
                wait_for_ever();
            }
            ::raise(SIGKILL);
        }
        while (state_of(*left) != 'Z' && state_of(*left) != '\0') {
            std::this_thread::yield();
        }
        return verdict::passed;
    });
    CHECK((outcome.results[1].verdict == verdict::passed));
}

TEST_CASE("what a killed worker leaves behind elsewhere ends with the run, other children do not") {
    const shared<std::atomic<pid_t>> left;
    std::fflush(nullptr);
    const pid_t earlier = ::fork();
    if (earlier == 0) {
        wait_for_ever();
    }
    small_run small(1, 1);
    static_cast<void>(small.run([&](forked_worker&, std::size_t) {
        if (::fork() == 0) {
            ::setsid();
            *left = ::getpid();
            wait_for_ever();
        }
        while (*left == 0) {
            std::this_thread::yield();
        }
        ::raise(SIGKILL);
        return verdict::passed;
    }));
    CHECK(::kill(*left, 0) == -1);
    CHECK(::waitpid(earlier, nullptr, WNOHANG) == 0);
    ::kill(earlier, SIGKILL);
    CHECK(::waitpid(earlier, nullptr, 0) == earlier);
}

TEST_CASE("the statistics of the workers add up") {
    small_run small(20, 3);
    const auto outcome = small.run([](forked_worker&, std::size_t position) {
        if (position % 7 == 3) {
            ::raise(SIGKILL);
        }
        return passed_if(position % 5 != 0);
    });
    std::size_t cases = 0;
    std::chrono::nanoseconds tests{0};
    std::chrono::nanoseconds durations{0};
    unsigned replacements = 0;
    for (std::size_t i = 0; i < outcome.workers.size(); ++i) {
        const auto& worker = outcome.workers[i];
        CHECK(worker.name == "w" + std::to_string(i));
        CHECK((worker.tests <= worker.life));
        CHECK((worker.life <= outcome.wall));
        cases += worker.cases;
        tests += worker.tests;
        replacements += worker.replacements;
    }
    for (const auto& each : outcome.results) {
        durations += each.duration;
        CHECK(each.attempts == 1);
    }
    CHECK(cases == 20);
    CHECK((tests == durations));
    CHECK(replacements <= 3); // the cases 3, 10 and 17; the last of them may be the last of all
    CHECK(small.files->records.of_run().done == 20);
    CHECK(small.files->records.of_run().failed == 6);
}

TEST_CASE("a run uses no more workers than it was given, or has cases") {
    small_run small(2, 4);
    small.rounds = {{4}, {1}};
    small.at_start = [](forked_worker&) {
        while (state_of(::getppid()) != 'S') { // it has forked all that it wants
            std::this_thread::yield();
        }
    };
    const auto outcome = small.run([](forked_worker&, std::size_t) { return verdict::passed; });
    REQUIRE(outcome.workers.size() == 4);
    CHECK((outcome.workers[2].life == 0ns));
    CHECK((outcome.workers[3].life == 0ns));
    CHECK(outcome.workers[0].cases + outcome.workers[1].cases == 4);
    CHECK(outcome.workers[0].cases >= 2);
}

TEST_CASE("the cases are claimed in the order of the run") {
    const shared<std::atomic<int>> next;
    small_run small(4, 1);
    small.rounds = {{1, false, {2, 0, 3, 1}}};
    const auto outcome = small.run([&](forked_worker& self, std::size_t position) {
        const int turn = (*next)++;
        return passed_if(self.order()[static_cast<std::size_t>(turn)] == position);
    });
    for (const auto& each : outcome.results) {
        CHECK((each.verdict == verdict::passed));
    }
}
