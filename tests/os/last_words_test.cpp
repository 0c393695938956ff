#include "os/last_words.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

using isolite::os::say_before_death;

namespace {

int written_to = -1;

void say(const char* word) {
    static_cast<void>(::write(written_to, word, 1));
}

struct ending {
    std::string said;
    int status = 0;
};

/// Runs `body` in a child that says "w" before its death.
template <typename Body>
ending end_of_child(Body body, bool is_sanitized = false) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        written_to = ends[1];
        for (const int each : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGINT}) {
            std::signal(each, SIG_DFL); // doctest handles them
        }
        body([=] { say_before_death([] { say("w"); }, is_sanitized); });
        ::_exit(7);
    }
    ::close(ends[1]);
    ending found;
    for (char byte = 0; ::read(ends[0], &byte, 1) == 1;) {
        found.said += byte;
    }
    ::close(ends[0]);
    REQUIRE(::waitpid(child, &found.status, 0) == child);
    return found;
}

// Behind the back of a sanitizer, which would end the process in its own way.
__attribute__((no_sanitize("undefined"))) void crash() {
    static int* volatile nowhere = nullptr;
    *nowhere = 3;
}

} // namespace

TEST_CASE("a process says its last words, and ends of the signal all the same") {
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGINT}) {
        CAPTURE(signal);
        const ending found = end_of_child([=](auto prepare) {
            prepare();
            std::raise(signal);
        });
        CHECK(found.said == "w");
        CHECK(WIFSIGNALED(found.status));
        CHECK(WTERMSIG(found.status) == signal);
    }
    const ending crashed = end_of_child([](auto prepare) {
        prepare();
        crash();
    });
    CHECK(crashed.said == "w");
    CHECK(WTERMSIG(crashed.status) == SIGSEGV);
}

TEST_CASE("a process that aborts says its last words, and ends of that") {
    const ending found = end_of_child([](auto prepare) {
        prepare();
        std::abort();
    });
    CHECK(found.said == "w");
    CHECK(WTERMSIG(found.status) == SIGABRT);
}

TEST_CASE("a child of a process that has last words says none") {
    const ending found = end_of_child([](auto prepare) {
        prepare();
        const pid_t child = ::fork();
        if (child == 0) {
            crash();
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ::_exit(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV ? 7 : 8);
    });
    CHECK(found.said.empty());
    CHECK(WEXITSTATUS(found.status) == 7);
}

TEST_CASE("a signal that is ignored or handled is left alone") {
    const ending ignored = end_of_child(
        [](auto prepare) {
            std::signal(SIGSEGV, SIG_IGN);
            prepare();
            std::raise(SIGSEGV);
        },
        true);
    CHECK(ignored.said.empty());
    CHECK(WEXITSTATUS(ignored.status) == 7);
    const ending handled = end_of_child([](auto prepare) {
        std::signal(SIGSEGV, [](int) { say("h"); });
        prepare();
        std::raise(SIGSEGV);
    });
    CHECK(handled.said == "h");
    CHECK(WEXITSTATUS(handled.status) == 7);
}

TEST_CASE("a sanitizer hears of a crash behind the last words, and of the place of it") {
    const ending found = end_of_child(
        [](auto prepare) {
            struct sigaction action = {};
            action.sa_flags = SA_SIGINFO;
            action.sa_sigaction = [](int, siginfo_t* about, void*) {
                say(about->si_addr == nullptr ? "s" : "?");
                ::_exit(9);
            };
            ::sigaction(SIGSEGV, &action, nullptr);
            prepare();
            crash();
        },
        true);
    CHECK(found.said == "ws");
    CHECK(WEXITSTATUS(found.status) == 9);
}

TEST_CASE("last words are said once, also where a sanitizer aborts") {
    const ending found = end_of_child(
        [](auto prepare) {
            std::signal(SIGSEGV, [](int) { std::abort(); });
            prepare();
            crash();
        },
        true);
    CHECK(found.said == "w");
    CHECK(WTERMSIG(found.status) == SIGABRT);
}
