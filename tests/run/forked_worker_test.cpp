#include "endings.hpp"
#include "shared_mapping.hpp"
#include "small_run.hpp"

#include "ledger/ledger.hpp"
#include "os/signal_name.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <iostream>
#include <thread>

#include <sys/wait.h>

using namespace std::chrono_literals;

using isolite::results::event;
using isolite::results::verdict;
using isolite::run::forked_worker;

namespace {

using texts = std::vector<std::string>;
using counter = std::atomic<int>;

/// Waits until a counter that other processes raise has this value.
void wait_for(const counter& raised, int value) {
    while (raised < value) {
        std::this_thread::yield();
    }
}

texts shown(const std::vector<event>& events) {
    texts lines;
    for (const event& each : events) {
        lines.push_back(std::to_string(each.kind) + " " + each.value);
    }
    return lines;
}

} // namespace

TEST_CASE("eight workers run each of 500 cases exactly once") {
    struct counts {
        counter arrived;
        std::array<counter, 500> ran;
    };
    const shared<counts> seen;
    small_run small(500, 8);
    small.at_start = [&](forked_worker&) {
        ++seen->arrived;
        wait_for(seen->arrived, 8);
    };
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        ++seen->ran[position];
        return verdict::passed;
    });
    std::size_t cases = 0;
    for (std::size_t i = 0; i < 500; ++i) {
        CHECK(seen->ran[i] == 1);
        CHECK((outcome.results[i].verdict == verdict::passed));
        CHECK(outcome.results[i].attempts == 1);
    }
    for (const auto& worker : outcome.workers) {
        cases += worker.cases;
        CHECK(worker.replacements == 0);
    }
    CHECK(cases == 500);
    CHECK(small.files->records.of_run().done == 500);
}

TEST_CASE("of two workers that want a case at the same moment, one gets it") {
    constexpr std::uint32_t of_other = 2; // a thread claims as another worker does, again and again
    struct counts {
        counter claimed;
        counter claimed_by_both;
    };
    const shared<counts> seen;
    small_run small(1, 1);
    small.at_start = [&](forked_worker& self) {
        auto& owner = small.files->records.of_case(0).owner;
        std::atomic<bool> has_ended = false;
        std::thread other([&] {
            while (!has_ended) {
                std::uint32_t nobody = 0;
                if (owner.compare_exchange_strong(nobody, of_other)) {
                    std::uint32_t own = of_other;
                    seen->claimed_by_both += owner.compare_exchange_strong(own, 0) ? 0 : 1;
                }
            }
        });
        for (int i = 0; i < 2'000'000; ++i) {
            if (self.claim(0, forked_worker::meanwhile::nothing)) {
                ++seen->claimed;
                seen->claimed_by_both += owner.exchange(0) == 1 ? 0 : 1;
            }
        }
        has_ended = true;
        other.join();
        if (self.claim(0)) {
            self.finish(verdict::passed, "");
        }
    };
    static_cast<void>(small.run([](forked_worker&, std::size_t) { return verdict::failed; }));
    CHECK(seen->claimed > 0);
    CHECK(seen->claimed_by_both == 0);
}

TEST_CASE("the cases of a group are run by one worker, one after the other") {
    constexpr std::size_t groups = 5;
    struct counts {
        counter arrived;
        std::array<counter, groups> inside;
        counter overlaps;
    };
    const shared<counts> seen;
    small_run small(60, 4);
    for (std::size_t i = 0; i < 60; ++i) {
        small.cases[i].resources = {std::string(1, static_cast<char>('a' + i % groups))};
    }
    small.at_start = [&](forked_worker&) {
        ++seen->arrived;
        wait_for(seen->arrived, 4);
    };
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        counter& inside = seen->inside[position % groups];
        seen->overlaps += inside.fetch_add(1) > 0 ? 1 : 0;
        std::this_thread::yield();
        --inside;
        return verdict::passed;
    });
    CHECK(seen->overlaps == 0);
    for (std::size_t i = 0; i < 60; ++i) {
        CHECK((outcome.results[i].verdict == verdict::passed));
        CHECK(outcome.results[i].worker == outcome.results[i % groups].worker);
    }
}

TEST_CASE("a case is open to whoever might get it, and to nobody in a stopped run") {
    small_run small(4, 1);
    small.cases[0].resources = small.cases[1].resources = {"a"};
    small.cases[2].resources = small.cases[3].resources = {"b"};
    const auto outcome = small.run([&](forked_worker& self, std::size_t position) {
        if (position != 0) {
            return verdict::skipped;
        }
        auto& records = small.files->records;
        const bool own = !self.is_open(0) && self.is_open(1) && self.is_open(2);
        records.owner_of_group(1) = 2; // another worker
        const bool foreign = !self.is_open(2) && !self.claim(2) && records.of_case(2).owner == 0;
        records.owner_of_group(1) = 0;
        records.of_run().stopped = true;
        const bool stopped = !self.is_open(1) && !self.claim(1);
        records.of_run().stopped = false;
        return passed_if(own && foreign && stopped && self.is_open(3));
    });
    CHECK((outcome.results[0].verdict == verdict::passed));
    CHECK((outcome.results[3].verdict == verdict::skipped));
}

TEST_CASE("a case that needs another one waits until that is done") {
    struct progress {
        std::atomic<pid_t> waiting;
        std::atomic<bool> done;
    };
    const shared<progress> seen;
    small_run small(2, 2);
    const auto outcome = small.run([&](forked_worker& self, std::size_t position) {
        if (position == 1) {
            seen->waiting = ::getpid();
            return passed_if(self.passed(0) && seen->done);
        }
        for (char state = 'R'; state != 'S' && state != 'Z' && state != '\0';) {
            state = seen->waiting == 0 ? 'R' : state_of(seen->waiting);
        }
        seen->done = true;
        return verdict::passed;
    });
    CHECK(outcome.results[1].why == "");
    CHECK((outcome.results[1].verdict == verdict::passed));
    CHECK(outcome.results[0].worker != outcome.results[1].worker);
}

TEST_CASE("a case that failed or was skipped did not pass, nor one that a stopped run leaves") {
    small_run small(4, 1);
    const auto outcome = small.run([&](forked_worker& self, std::size_t position) {
        switch (position) {
        case 0:
            return verdict::failed;
        case 1:
            return verdict::skipped;
        default:
            small.files->records.of_run().stopped = true;
            return passed_if(!self.passed(0) && !self.passed(1) && !self.passed(3));
        }
    });
    CHECK((outcome.results[2].verdict == verdict::passed));
    CHECK((outcome.results[3].verdict == verdict::not_run));
}

TEST_CASE("a case that waits goes on when too many failures have stopped the run") {
    small_run small(3, 2);
    small.max_failures = 1;
    const auto outcome = small.run([](forked_worker& self, std::size_t position) {
        return passed_if(position == 0 && !self.passed(2));
    });
    CHECK((outcome.results[0].verdict == verdict::passed));
    CHECK((outcome.results[1].verdict == verdict::failed));
    CHECK((outcome.results[2].verdict == verdict::not_run));
}

TEST_CASE("a case of an earlier round keeps what it became, one of no round is no obstacle") {
    small_run small(4, 1);
    small.rounds = {{1, false, {0, 1}}, {1, false, {2}}};
    const auto outcome = small.run([&](forked_worker& self, std::size_t position) {
        return position == 2 ? passed_if(!self.passed(0) && self.passed(1) && self.passed(3))
                             : passed_if(position == 1);
    });
    CHECK((outcome.results[2].verdict == verdict::passed));
    CHECK((outcome.results[3].verdict == verdict::not_run));
}

TEST_CASE("nothing more is claimed after the failures that are enough") {
    small_run small(6, 1);
    small.max_failures = 2;
    const auto outcome =
        small.run([](forked_worker&, std::size_t position) { return passed_if(position == 1); });
    CHECK(outcome.too_many_failures);
    CHECK((outcome.results[2].verdict == verdict::failed));
    CHECK((outcome.results[3].verdict == verdict::not_run));
    CHECK(outcome.results[3].attempts == 0);
    CHECK(outcome.workers[0].cases == 3);
}

TEST_CASE("events in and outside of cases arrive in order, at their cases") {
    small_run small(2, 1);
    small.at_start = [](forked_worker& self) { self.record({1, "before all"}); };
    const auto outcome = small.run([](forked_worker& self, std::size_t position) {
        const bool inside = self.runs_a_case();
        self.record({2, "first of " + std::to_string(position)});
        self.record_outside({3, "fixture at " + std::to_string(position)});
        self.record({4, "last of " + std::to_string(position) + (inside ? " inside" : " outside")});
        self.finish(verdict::passed, "");
        self.record(
            {5, "after " + std::to_string(position) + (self.runs_a_case() ? " in" : " out")});
        if (position == 1) {
            self.end();
        }
        return self.claim(1) ? verdict::passed : verdict::failed; // for the harness to finish
    });
    CHECK(shown(outcome.results[0].events) == texts{"2 first of 0", "4 last of 0 inside"});
    CHECK(shown(outcome.results[1].events).empty());
    REQUIRE(outcome.outside.size() == 1);
    CHECK(shown(outcome.outside[0]) == texts{"1 before all", "3 fixture at 0", "5 after 0 out"});
}

TEST_CASE("events of a case that its worker did not survive are kept, those of others too") {
    small_run small(2, 1);
    const auto outcome = small.run([](forked_worker& self, std::size_t position) {
        self.record({1, std::to_string(position)});
        if (position == 1) {
            ::raise(SIGKILL);
        }
        return verdict::passed;
    });
    CHECK(shown(outcome.results[0].events) == texts{"1 0"});
    CHECK(shown(outcome.results[1].events) == texts{"1 1"});
    CHECK(outcome.results[1].death == "its worker was killed by signal 9 (SIGKILL, Killed)");
    CHECK(outcome.results[1].why == outcome.results[1].death);
}

TEST_CASE("a case that failed keeps its output and the reason, one that passed has none") {
    small_run small(3, 1);
    const auto outcome = small.run([](forked_worker&, std::size_t position) {
        std::cout << "case " << position << ", ";
        std::cerr << "both streams\n";
        return passed_if(position != 1);
    });
    CHECK(outcome.results[0].output == "");
    CHECK(outcome.results[1].output == "case 1, both streams\n");
    CHECK(outcome.results[1].why == "it was told to");
    CHECK(outcome.results[1].death == "");
    CHECK(outcome.results[2].output == "");
    CHECK(small.said == "isolite: failed: case 1 (w0)\n  it was told to\n"
                        "isolite: output of case 1:\ncase 1, both streams\n");
}

TEST_CASE("what a case wrote before a crash is kept, whatever its parent wrote before") {
    // Of a buffer that was filled as a whole before it was to be filled by lines, glibc kept lines.
    const std::string before = "\n";
    std::fwrite(before.data(), 1, before.size(), stdout);
    small_run small(1, 1);
    const auto outcome = small.run([](forked_worker&, std::size_t) {
        std::puts("last words");
        ::raise(SIGKILL);
        return verdict::passed;
    });
    CHECK(outcome.results[0].output == "last words\n");
}

TEST_CASE("what fixtures write between two cases belongs to neither") {
    small_run small(2, 1);
    const auto outcome = small.run([](forked_worker& self, std::size_t position) {
        if (position == 0) {
            self.finish(verdict::passed, "");
            std::cout << "a fixture";
            static_cast<void>(self.claim(1));
        }
        std::cout << "the case";
        return verdict::failed;
    });
    CHECK(outcome.results[1].output == "the case");
}

TEST_CASE("a worker stands where its place says, in a process group of its own") {
    // What the terminal would say.
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::write(ends[1], "input", 5) == 5);
    const int before = ::dup(STDIN_FILENO);
    ::dup2(ends[0], STDIN_FILENO);
    small_run small(4, 2);
    const pid_t parent = ::getpid();
    const auto outcome = small.run([&](forked_worker&, std::size_t) {
        const auto& place = isolite::worker::current();
        char byte = 0;
        std::string what = place->name + " " + place->run_id + " " + std::to_string(place->slot);
        what += ::getpgrp() == ::getpid() && ::getppid() == parent ? " group" : " no group";
        what += ::read(STDIN_FILENO, &byte, 1) == 0 ? " silence" : " input";
        sigset_t mask;
        ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
        what += ::sigismember(&mask, SIGINT) + ::sigismember(&mask, SIGCHLD) == 0 ? "" : " deaf";
        std::cout << what;
        return verdict::failed;
    });
    ::dup2(before, STDIN_FILENO);
    for (const int file : {before, ends[0], ends[1]}) {
        ::close(file);
    }
    for (const auto& each : outcome.results) {
        const std::string slot = std::to_string(each.worker);
        std::string expected = "w";
        expected += slot + " small " + slot + " group silence";
        CHECK(each.output == expected);
    }
}

TEST_CASE("a child of a test that goes on to run cases is ended, and its events are not heard") {
    small_run small(3, 1);
    const auto outcome = small.run([](forked_worker& self, std::size_t position) {
        std::fflush(nullptr);
        if (position == 0) {
            const pid_t child = ::fork();
            if (child == 0) {
                self.record({1, "from the child"});
                self.record_outside({1, "from the child"});
                return verdict::failed;
            }
            return passed_if(status_of(child) == "118");
        }
        if (position == 1) {
            const pid_t child = ::fork();
            if (child == 0) {
                ::_exit(self.claim(2) ? 0 : 1);
            }
            return passed_if(status_of(child) == "118" && self.is_open(2));
        }
        const pid_t child = ::fork();
        if (child == 0) {
            self.finish(verdict::failed, "");
            ::_exit(1);
        }
        const pid_t other = ::fork();
        if (other == 0) {
            self.end();
        }
        return passed_if(status_of(child) == "118" && status_of(other) == "0");
    });
    for (const auto& each : outcome.results) {
        CHECK((each.verdict == verdict::passed));
        CHECK(each.attempts == 1);
        CHECK(each.events.empty());
    }
    CHECK(outcome.outside.at(0).empty());
}

TEST_CASE("a case that closes the descriptors of its worker costs the worker, and says so") {
    small_run small(2, 1);
    const auto outcome = small.run([](forked_worker&, std::size_t position) {
        if (position == 0) {
            ::closefrom(3);
        }
        return verdict::passed;
    });
    CHECK((outcome.results[0].verdict == verdict::failed));
    CHECK(outcome.results[0].why == "it closed the descriptors by which its worker reports");
    CHECK((outcome.results[1].verdict == verdict::passed));
    CHECK(outcome.workers[0].replacements == 1);
}

TEST_CASE("a case that is claimed at once meets nothing that the one before it left") {
    small_run small(3, 1);
    small.between = forked_worker::meanwhile::nothing;
    const auto outcome = small.run([](forked_worker&, std::size_t position) {
        if (position == 1) { // what comes before the first claim is looked at in any case
            std::printf("lost");
            ::close(STDIN_FILENO);
            ::close(STDOUT_FILENO);
        }
        if (position < 2) {
            return verdict::passed;
        }
        char byte = 0;
        std::printf("%s\n", ::read(STDIN_FILENO, &byte, 1) == 0 ? "with stdin" : "without");
        return verdict::failed;
    });
    CHECK(outcome.results[2].output == "with stdin\n");
}

TEST_CASE("a case meets the streams as the one before it left them, where that is wanted") {
    small_run small(3, 1);
    small.leaves_streams = true;
    const auto outcome = small.run([](forked_worker&, std::size_t position) {
        if (position == 0) {
            std::printf("of case 0");
            ::close(STDIN_FILENO);
            ::dup2(STDERR_FILENO, STDIN_FILENO);
            ::close(STDOUT_FILENO);
            return verdict::passed;
        }
        ::dprintf(STDIN_FILENO, "case %zu %s stdout\n", position,
                  ::fcntl(STDOUT_FILENO, F_GETFD) < 0 ? "without" : "with");
        return verdict::failed;
    });
    CHECK(outcome.results[1].output == "case 1 without stdout\n");
    CHECK(outcome.results[2].output == "case 2 without stdout\n");
}

TEST_CASE("a worker goes on in another process before its journal is full") {
    const shared<std::array<std::atomic<pid_t>, 6>> ran_in;
    small_run small(6, 1);
    small.bytes_of_journal = 64 << 10;
    const auto outcome = small.run([&](forked_worker& self, std::size_t position) {
        (*ran_in)[position] = ::getpid();
        self.record({20, std::string(20 << 10, 'x')});
        return verdict::passed;
    });
    for (const auto& each : outcome.results) {
        CHECK((each.verdict == verdict::passed));
        CHECK(each.events.size() == 1);
    }
    CHECK((*ran_in)[0] == (*ran_in)[1]);
    CHECK((*ran_in)[1] != (*ran_in)[2]);
    CHECK(outcome.workers[0].replacements == 0); // none has died
}

TEST_CASE("a case that writes over what its worker has reported fails the run, and nothing else") {
    small_run small(3, 1);
    small.bytes_of_journal = 76 << 10; // of which there is one only
    const auto outcome = small.run([](forked_worker& self, std::size_t position) {
        self.record({20, "said"});
        if (position == 1) {
            std::memset(shared_mapping_of(76 << 10) + 8, 0x55, 256);
        }
        return verdict::passed;
    });
    REQUIRE(outcome.troubles.size() == 1);
    CHECK(outcome.troubles[0] == "worker w0 has written over its reports: what became of its last "
                                 "cases is not known\n");
    for (const auto& each : outcome.results) {
        CHECK((each.verdict == verdict::not_run));
    }
}

TEST_CASE("a case that reports more than its worker has room for fails, and says so") {
    small_run small(2, 1);
    small.bytes_of_journal = 64 << 10;
    const auto outcome = small.run([](forked_worker& self, std::size_t position) {
        if (position == 0) {
            self.record({20, std::string(100 << 10, 'x')});
        }
        return verdict::passed;
    });
    CHECK((outcome.results[0].verdict == verdict::failed));
    CHECK(outcome.results[0].why == "it reported more than its worker has room for");
    CHECK((outcome.results[1].verdict == verdict::passed));
}

TEST_CASE("a process that a case leaves running is named at that case, and ends with the worker") {
    const shared<std::atomic<pid_t>> left;
    small_run small(3, 1);
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        if (position == 1) {
            const pid_t child = ::fork();
            if (child == 0) {
                for (;;) {
                    ::pause();
                }
            }
            *left = child;
        }
        return verdict::passed;
    });
    CHECK(outcome.results[0].left_processes.empty());
    CHECK(outcome.results[1].left_processes == texts{std::to_string(*left) + " (run_test)"});
    CHECK(outcome.results[2].left_processes.empty());
    CHECK(::kill(*left, 0) == -1);
}

TEST_CASE("a test waits for its own children alone, and an orphan of it is named at it") {
    const shared<std::atomic<pid_t>> left;
    const shared<std::atomic<pid_t>> parent_of_left;
    small_run small(3, 2);
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        if (position != 1) {
            return verdict::passed;
        }
        const pid_t child = ::fork();
        if (child == 0) {
            const pid_t made = ::getpid();
            if (::fork() == 0) {
                ::setsid();
                while (::getppid() == made) {
                    std::this_thread::yield();
                }
                *parent_of_left = ::getppid();
                *left = ::getpid();
                for (;;) {
                    ::pause();
                }
            }
            ::_exit(0);
        }
        const bool waited_for_child = ::waitpid(-1, nullptr, 0) == child;
        while (*left == 0) {
            std::this_thread::yield();
        }
        return passed_if(waited_for_child && ::waitpid(-1, nullptr, 0) == -1);
    });
    CHECK((outcome.results[1].verdict == verdict::passed));
    CHECK(*parent_of_left == ::getpid()); // as under a session manager that adopts orphans
    CHECK(outcome.results[0].left_processes.empty());
    CHECK(outcome.results[1].left_processes == texts{std::to_string(*left) + " (run_test)"});
    CHECK(outcome.results[2].left_processes.empty());
    CHECK(outcome.left_processes.empty());
    CHECK(::kill(*left, 0) == -1);
}

TEST_CASE("what a process writes that a test left running is no other test's output") {
    struct steps {
        std::atomic<int> next{0};
        std::atomic<int> written{0};
        std::atomic<pid_t> first{0};
    };
    for (const bool leaves_streams : {false, true}) {
        CAPTURE(leaves_streams);
        const shared<steps> late;
        small_run small(4, 1);
        small.leaves_streams = leaves_streams;
        const auto outcome = small.run([&](forked_worker&, std::size_t position) {
            if (position % 2 == 0) { // two that are left, so that both captures are used
                std::printf("first of %zu\n", position);
                if (position == 2) { // its capture is free only when it has ended
                    ::waitpid(late->first, nullptr, 0);
                }
                const pid_t child = ::fork();
                if (child == 0) {
                    while (late->next <= static_cast<int>(position)) {
                        std::this_thread::yield();
                    }
                    ::dprintf(STDOUT_FILENO, "late\n");
                    late->written = static_cast<int>(position) + 1;
                    if (position == 0) {
                        ::_exit(0);
                    }
                    for (;;) {
                        ::pause();
                    }
                }
                if (position == 0) {
                    late->first = child;
                }
                return verdict::failed;
            }
            std::puts("mine");
            late->next = static_cast<int>(position);
            while (late->written < static_cast<int>(position)) {
                std::this_thread::yield();
            }
            if (position == 3) {
                ::raise(SIGKILL); // the parent reads what it wrote
            }
            return verdict::failed;
        });
        CHECK(outcome.results[0].output == "first of 0\n");
        CHECK(outcome.results[1].output == "mine\n");
        CHECK(outcome.results[2].output == "first of 2\n");
        CHECK(outcome.results[3].output == "mine\n");
        CHECK(outcome.results[2].left_processes.size() == 1);
    }
}

TEST_CASE("an orphan that nobody knows from other tests' is told of the run") {
    const shared<std::atomic<pid_t>> left;
    small_run small(1, 1);
    const auto outcome = small.run([&](forked_worker&, std::size_t) {
        const pid_t child = ::fork();
        if (child == 0) {
            if (::fork() == 0) {
                ::setsid();
                ::closefrom(0);
                *left = ::getpid();
                for (;;) {
                    ::pause();
                }
            }
            ::_exit(0);
        }
        ::waitpid(child, nullptr, 0);
        while (*left == 0) {
            std::this_thread::yield();
        }
        return verdict::passed;
    });
    CHECK(outcome.results[0].left_processes.empty());
    CHECK(outcome.left_processes == texts{std::to_string(*left) + " (run_test)"});
    CHECK(::kill(*left, 0) == -1);
}

TEST_CASE("a worker ends what its tests left running, in whatever group, before it ends itself") {
    const shared<std::atomic<pid_t>> left;
    small_run small(1, 1);
    small.rounds = {{1}, {1}};
    const auto outcome = small.run([&](forked_worker&, std::size_t) {
        if (*left != 0) {
            return passed_if(::kill(*left, 0) == -1);
        }
        const pid_t child = ::fork();
        if (child == 0) {
            ::setsid();
            *left = ::getpid();
            for (;;) {
                ::pause();
            }
        }
        while (*left == 0) {
            std::this_thread::yield();
        }
        return verdict::passed;
    });
    CHECK((outcome.results[0].verdict == verdict::passed));
    CHECK(outcome.results[0].attempts == 2);
}

TEST_CASE("what the tests of a worker left running ends while other workers still run") {
    struct seen {
        std::atomic<pid_t> left;
        counter others;
    };
    const shared<seen> both;
    small_run small(2, 2);
    small.timeout = 30s;
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        if (position == 1) {
            ++both->others;
            while (both->left == 0 || ::kill(both->left, 0) == 0) {
                std::this_thread::yield();
            }
            return verdict::passed;
        }
        wait_for(both->others, 1);
        const pid_t child = ::fork();
        if (child == 0) {
            ::setsid();
            for (;;) {
                ::pause();
            }
        }
        both->left = child;
        return verdict::passed;
    });
    CHECK((outcome.results[0].verdict == verdict::passed));
    CHECK((outcome.results[1].verdict == verdict::passed));
}

TEST_CASE("a worker counts the fixtures of its own tests, not those before the fork") {
    const auto enter = [](std::chrono::nanoseconds duration) {
        const auto now = isolite::records::ledger::clock::now();
        isolite::records::ledger::of_process().enter(isolite::records::fixture_kind::engine_opened,
                                                     {"shop"}, {now, now + duration, 0});
    };
    enter(1h);
    small_run small(4, 1);
    const auto outcome = small.run([&](forked_worker&, std::size_t position) {
        enter(2ms);
        if (position == 1 || position == 2) {
            ::raise(SIGKILL);
        }
        return verdict::passed;
    });
    CHECK((outcome.workers[0].fixtures == 4ms)); // those of killed cases were not told any more
}
