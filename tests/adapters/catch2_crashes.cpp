// Cases that crash, for comparing what is said of them with workers and what Catch2 alone says:
// built with isolite and, as the oracle, without it.
#include "catch2_header.hpp"
#ifndef WITHOUT_ISOLITE
#    include <isolite/catch2.hpp>
#endif

#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

namespace {

// Not null, which a sanitizer looks for before the processor does.
int* volatile nowhere = reinterpret_cast<int*>(64);
bool may_allocate = true;

#if CATCH2_VERSION == 3
using told = void;
using listener_base = Catch::EventListenerBase;
template <typename>
using reporter_base = Catch::StreamingReporterBase;
#else
using told = bool;
using listener_base = Catch::TestEventListenerBase;
template <typename Reporter>
using reporter_base = Catch::StreamingReporterBase<Reporter>;
#endif

/// Writes what it hears of a crash.
template <typename Base>
struct witness : Base {
    using Base::Base;

    void fatalErrorEncountered(Catch::StringRef error) override {
        std::cout << "fatal: " << error << std::endl;
    }
    void assertionStarting(const Catch::AssertionInfo& /*assertion*/) override {}
    told assertionEnded(const Catch::AssertionStats& stats) override {
        std::cout << "assertion: " << stats.assertionResult.getResultType() << std::endl;
        return told();
    }
};

struct listening_witness final : witness<listener_base> {
    using witness::witness;
};

struct reporting_witness final : witness<reporter_base<reporting_witness>> {
    using witness::witness;
    static std::string getDescription() { return "writes what it hears of a crash"; }
};

CATCH_REGISTER_REPORTER("witness", reporting_witness)

#if CATCH2_VERSION == 3
using listener_registrar = Catch::ListenerRegistrar<listening_witness>;
#else
struct listener_registrar : Catch::ListenerRegistrar<listening_witness> {
    explicit listener_registrar(const char* /*name*/) {}
};
#endif
const auto registered =
    std::getenv("SUBJECT_LISTENS") ? std::make_unique<listener_registrar>("witness") : nullptr;

/// Uses up the stack.
int descend(int depth) {
    volatile char room[4096] = {};
    room[0] = static_cast<char>(depth);
    return depth < 0 ? 0 : descend(depth + 1) + room[0];
}

} // namespace

// Not inlined: gcc would take one for its own, and the other not.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t& /*nothrow*/) noexcept {
    if (!may_allocate) {
        ::_exit(99);
    }
    return std::malloc(size);
}

[[gnu::noinline]] void* operator new(std::size_t size) {
    void* const made = operator new(size, std::nothrow);
    return made ? made : throw std::bad_alloc();
}

[[gnu::noinline]] void operator delete(void* made) noexcept {
    std::free(made);
}

[[gnu::noinline]] void operator delete(void* made, std::size_t /*size*/) noexcept {
    std::free(made);
}

TEST_CASE("with messages") {
    const int x = 3;
    INFO("x is " << x);
    CHECK(x == 3);
    CAPTURE(x, x + 1);
    UNSCOPED_INFO("until the next assertion");
    CHECK(x == 3);
    UNSCOPED_INFO("once");
    *nowhere = 3;
}

TEST_CASE("without any") {
    *nowhere = 3;
}

TEST_CASE("in an assertion") {
    INFO("about to look");
    REQUIRE(1 == 1);
    REQUIRE(*nowhere == 4);
}

TEST_CASE("behind a failure") {
    INFO("about to");
    CHECK(1 == 2);
    std::abort();
}

TEST_CASE("in a section") {
    INFO("around it");
    CHECK(1 == 1);
    SECTION("inner") {
        INFO("in it");
        SECTION("deep") {
            CHECK(1 == 1);
            *nowhere = 3;
        }
    }
}

TEST_CASE("behind a section") {
    SECTION("inner") {
        INFO("in it");
        CHECK(1 == 2);
    }
    INFO("behind it");
    *nowhere = 3;
}

TEST_CASE("in a later pass") {
    const int i = GENERATE(1, 2, 3);
    CAPTURE(i);
    CHECK(i != 2);
    if (i == 3) {
        *nowhere = 3;
    }
}

TEST_CASE("of a signal that was sent") {
    INFO("about to");
    std::raise(SIGTERM);
}

TEST_CASE("of an exception that nobody catches") {
    INFO("about to");
    std::thread([] { throw std::runtime_error("boom"); }).join();
}

TEST_CASE("where the stack ends") {
    INFO("deeper and deeper");
    CHECK(descend(0) == 0);
}

TEST_CASE("with a long message") {
    INFO(std::string(100'000, 'x') + " end");
    *nowhere = 3;
}

TEST_CASE("behind a child that crashes") {
    INFO("about to");
    const pid_t child = ::fork();
    if (child == 0) {
        std::abort();
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WTERMSIG(status) == SIGABRT);
    CHECK(1 == 2);
}

TEST_CASE("where no memory is to be had") {
    INFO("about to");
    may_allocate = false;
    *nowhere = 3;
}
