#include "witness.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

namespace {

std::string read_all(int descriptor) {
    std::string text;
    char part[4096];
    for (ssize_t count; (count = ::read(descriptor, part, sizeof part)) > 0;) {
        text.append(part, static_cast<std::size_t>(count));
    }
    return text;
}

void play(witness& says, const std::function<void(witness&)>& scenario) noexcept {
    try {
        scenario(says);
    } catch (const std::exception& problem) {
        says.object(std::string("an exception came out: ") + problem.what());
    }
}

std::string ending(int status) {
    if (WIFSIGNALED(status)) {
        return std::string("the process died: ") + ::strsignal(WTERMSIG(status)) + "\n";
    }
    return status == 0 ? ""
                       : "the process ended with " + std::to_string(WEXITSTATUS(status)) + "\n";
}

} // namespace

void witness::object(const std::string& line) {
    const std::string whole = line + "\n";
    if (::write(descriptor_, whole.data(), whole.size()) < 0) {
        ::_exit(2);
    }
}

void witness::expect(bool is_so, const std::string& line) {
    if (!is_so) {
        object(line);
    }
}

void witness::expect_equal(const std::string& seen, const std::string& wanted,
                           const std::string& what) {
    expect(seen == wanted, what + " is \"" + seen + "\" instead of \"" + wanted + '"');
}

void witness::expect_words(const std::string& text, const std::vector<std::string>& words,
                           const std::string& what) {
    for (const std::string& each : words) {
        expect(text.find(each) != std::string::npos,
               what + " does not say \"" + each + "\": " + (text.empty() ? "nothing" : text));
    }
}

std::string wrong_in(const std::function<void(witness&)>& scenario) {
    int ends[2];
    if (::pipe(ends) != 0) {
        throw std::runtime_error("pipe failed");
    }
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        ::setenv("ISOLITE_EVIDENCE", "off", 1);
        ::setenv("ISOLITE_LEDGER", "off", 1); // nobody reads the records of so many processes
        for (const int each : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS, SIGTERM}) {
            std::signal(each, SIG_DFL); // doctest's handlers would tell of the parent's case
        }
        ::alarm(60); // a hang is a failure too
        witness says(ends[1]);
        play(says, scenario);
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string text = read_all(ends[0]);
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return text + ending(status);
}

std::string written_to_stderr(const std::function<void()>& action) {
    int ends[2];
    std::fflush(stderr);
    const int before = ::dup(STDERR_FILENO);
    if (before < 0 || ::pipe(ends) != 0) {
        throw std::runtime_error("pipe failed");
    }
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[1]);
    action();
    std::fflush(stderr);
    ::dup2(before, STDERR_FILENO);
    ::close(before);
    std::string text = read_all(ends[0]);
    ::close(ends[0]);
    return text;
}
