#include "story.hpp"

#include <isolite/worker.hpp>

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

// How a process ends that lost a session, and what a fork shares.

using isolite::mode;

namespace {

/// Runs `body` in a child that ends with std::exit. Returns its status.
int status_of(const std::function<void()>& body) {
    const pid_t child = ::fork();
    if (child == 0) {
        std::atexit([] {}); // as those of the program
        body();
        std::exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

TEST_CASE("a program that lost a session with a leak ends in the usual way, with a failure") {
    const auto home =
        std::filesystem::temp_directory_path() / ("isolite-leaving-" + std::to_string(::getpid()));
    std::filesystem::create_directory(home);
    const auto said = home / "said";
    for (const bool leaks : {false, true}) {
        CAPTURE(leaks);
        const int status = status_of([&] {
            std::atexit([] { std::fputs("the last handler ran\n", stderr); });
            std::freopen(said.c_str(), "w", stderr);
            static auto engine = isolite::engine::open(shop());
            static std::optional<isolite::session> lost(
                std::move(*isolite::session::open(*engine, "a lost session")));
            engine->db().exec(leaks ? "INSERT INTO lg VALUES (1); COMMIT"
                                    : "INSERT INTO lg VALUES (1)");
        });
        CHECK(status == (leaks ? 1 : 0));
        std::ostringstream text;
        text << std::ifstream(said).rdbuf();
        CHECK(text.str().find("the last handler ran") != std::string::npos);
        CHECK((text.str().find("a lost session") != std::string::npos) == leaks);
    }
    std::filesystem::remove_all(home);
}
