#include "../sandbox/in_child.hpp"
#include "run/output_capture.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <string>

#include <fcntl.h>
#include <unistd.h>

using isolite::run::output_capture;

namespace {

/// Runs `body` in a child whose output is caught, and returns what it says of it.
template <typename Body>
std::string captured(const Body& body) {
    return in_child([&]() -> std::string {
        const auto capture = output_capture::open();
        if (!capture) {
            return capture.error().text();
        }
        static std::array<char, BUFSIZ> buffer; // by lines, as in a worker
        std::setvbuf(stdout, buffer.data(), _IOLBF, buffer.size());
        capture->begin();
        body(*capture);
        output_capture::flush();
        return capture->text();
    });
}

void write_to(int file, const std::string& text) {
    static_cast<void>(::write(file, text.data(), text.size()) > 0);
}

} // namespace

TEST_CASE("all that is written to stdout and stderr is caught, in order") {
    CHECK(captured([](const output_capture&) {
              std::puts("puts");
              std::fprintf(stderr, "fprintf\n");
              std::cout << "cout\n";
              std::cerr << "cerr\n";
              std::clog << "clog\n";
              write_to(STDOUT_FILENO, "descriptor 1\n");
              write_to(STDERR_FILENO, "descriptor 2\n");
              std::printf("a beginning, ");
              std::cout << "an end";
          }) == "puts\nfprintf\ncout\ncerr\nclog\ndescriptor 1\ndescriptor 2\n"
                "a beginning, an end");
}

TEST_CASE("streams that are not synchronized are flushed too") {
    CHECK(captured([](const output_capture&) {
              std::ios::sync_with_stdio(false);
              std::cout << "cout ";
              output_capture::flush();
              std::clog << "clog";
          }) == "cout clog");
}

TEST_CASE("a capture that begins again is empty") {
    CHECK(captured([](const output_capture& capture) {
              std::puts("old");
              std::printf("and still in the buffer");
              capture.begin();
              std::puts("new");
          }) == "new\n");
}

TEST_CASE("what children and replaced descriptors write is put one behind the other") {
    CHECK(captured([](const output_capture&) {
              std::puts("parent");
              static_cast<void>(in_child([]() -> std::string {
                  write_to(STDERR_FILENO, "child\n");
                  return "";
              }));
              std::puts("parent");
          }) == "parent\nchild\nparent\n");
}

TEST_CASE("descriptors that a test closed or moved come back") {
    CHECK(captured([](const output_capture& capture) {
              ::close(STDIN_FILENO);
              ::close(STDOUT_FILENO);
              ::close(STDERR_FILENO);
              capture.begin();
              write_to(STDOUT_FILENO, "1");
              write_to(STDERR_FILENO, "2");
              const int nothing = ::open("/dev/null", O_WRONLY);
              ::dup2(nothing, STDOUT_FILENO);
              ::dup2(nothing, STDERR_FILENO);
              capture.begin();
              write_to(STDOUT_FILENO, "3");
              write_to(STDERR_FILENO, "4");
          }) == "34");
}

TEST_CASE("a stdin that a test closed comes back empty, and one that is there stays") {
    CHECK(captured([](const output_capture& capture) {
              ::close(STDIN_FILENO);
              capture.begin();
              char byte = 0;
              write_to(STDOUT_FILENO, ::read(STDIN_FILENO, &byte, 1) == 0 ? "empty" : "closed");
          }) == "empty");
    CHECK(captured([](const output_capture& capture) {
              int ends[2];
              static_cast<void>(::pipe(ends));
              write_to(ends[1], "x");
              ::dup2(ends[0], STDIN_FILENO);
              capture.begin();
              char byte = 0;
              static_cast<void>(::read(STDIN_FILENO, &byte, 1));
              write_to(STDOUT_FILENO, std::string(1, byte));
          }) == "x");
}

TEST_CASE("streams that failed while their descriptor was closed work again") {
    CHECK(captured([](const output_capture& capture) {
              ::close(STDOUT_FILENO);
              ::close(STDERR_FILENO);
              std::ios::sync_with_stdio(false);
              std::puts("lost");
              std::cout << "lost" << std::flush;
              std::cerr << "lost";
              std::clog << "lost" << std::flush;
              const bool failed = std::ferror(stdout) != 0 && !std::cout && !std::cerr;
              capture.begin();
              std::cerr << (failed && std::ferror(stdout) == 0 ? "cerr " : "no failure ");
              std::cout << "cout " << std::flush;
              std::clog << "clog " << std::flush;
              std::puts("puts");
          }) == "cerr cout clog puts\n");
}

TEST_CASE("of a very long output the beginning and the end are kept, with a note between") {
    constexpr std::size_t end = 256 * 1024;
    const auto kept = [](const std::string& beginning, std::size_t middle,
                         const std::string& note) {
        return captured([&](const output_capture& capture) {
            const std::string last = std::string(end - 3, 'z') + "end";
            write_to(STDOUT_FILENO, beginning + std::string(middle, 'm') + last);
            const bool right = capture.text() == beginning + note + last;
            capture.begin();
            write_to(STDOUT_FILENO, right ? "right" : "wrong");
        });
    };
    const std::string beginning = "begin" + std::string(end - 5, 'a');
    CHECK(kept(beginning, 0, "") == "right");
    CHECK(kept(beginning, 1, "\n[isolite: 1 bytes are left out here]\n") == "right");
    CHECK(kept(beginning, 5 << 20, "\n[isolite: 5242880 bytes are left out here]\n") == "right");
    CHECK(kept("short ", 9, std::string(9, 'm')) == "right");
}

TEST_CASE(
    "what was caught before stays, where somebody shows it, and is no part of what comes next") {
    CHECK(in_child([]() -> std::string {
              std::atomic<std::uint64_t> start{0};
              const auto capture = output_capture::open(&start);
              if (!capture) {
                  return capture.error().text();
              }
              capture->begin();
              write_to(STDOUT_FILENO, "one\n");
              capture->begin();
              write_to(STDERR_FILENO, "two\n");
              return capture->text() + "|" + std::to_string(capture->size().value_or(0)) + "|" +
                     capture->from(0) + "|" + capture->from(4) + "|" + capture->from(8);
          }) == "two\n|4|one\ntwo\n|two\n|");
}
