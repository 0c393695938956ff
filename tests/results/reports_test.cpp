#include "results/reports.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace {

/// Returns what `body` writes to stderr.
template <typename Body>
std::string written_by(const Body& body) {
    std::fflush(stderr);
    const int usual = ::dup(STDERR_FILENO);
    const int file = ::memfd_create("stderr", MFD_CLOEXEC);
    ::dup2(file, STDERR_FILENO);
    body();
    std::fflush(stderr);
    ::dup2(usual, STDERR_FILENO);
    ::close(usual);
    std::string text(10'000, '\0');
    const ssize_t size = ::pread(file, text.data(), text.size(), 0);
    ::close(file);
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text;
}

} // namespace

TEST_CASE("the name of a case commands no terminal, and its output is shown as it is") {
    const auto shown = [](const char* name, const char* output) {
        return written_by([&] { isolite::results::show_output(name, output); });
    };
    CHECK(shown("a\nb\x1B[2J", "\x1B[31mred\n") ==
          "isolite: output of a\\nb\\x1b[2J:\n\x1B[31mred\n");
    CHECK(shown("a", "no end") == "isolite: output of a:\nno end\n");
    CHECK(shown("a", "") == "");
}
