#include "adapters/doctest_listing.hpp"

#include "adapters/doctest_registry.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <ostream>
#include <set>
#include <streambuf>
#include <string>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace isolite::doc_test {

using doctest::detail::TestCase;

namespace {

error cannot_list(const std::string& reason) {
    return {errc::system, "start workers: listing the test cases failed: " + reason,
            "please report it, and give --workers=0 meanwhile"};
}

} // namespace

void silence_doctest() {
    static struct final_buffer : std::streambuf {
        int_type overflow(int_type character) override { return traits_type::not_eof(character); }
    } swallowing;
    doctest::getContextOptions()->cout->rdbuf(&swallowing);
}

/// In two children, since doctest
/// tells of what it skips only: one skips all, the other what it would not run.
result<std::vector<TestCase*>> listing::list() {
    auto all = skipped_by_doctest(what::all);
    if (!all || is_lister()) {
        return all;
    }
    const auto others = skipped_by_doctest(what::not_chosen);
    if (!others || is_lister()) {
        return others;
    }
    const std::set<TestCase*> left_out(others->begin(), others->end());
    std::vector<TestCase*> chosen;
    std::copy_if(all->begin(), all->end(), std::back_inserter(chosen),
                 [&](TestCase* each) { return left_out.count(each) == 0; });
    return chosen;
}

result<std::vector<TestCase*>> listing::skipped_by_doctest(what skipped) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        return tl::unexpected(cannot_list("there is no pipe"));
    }
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(pipe[0]);
        become_lister(skipped, pipe[1]);
        return {};
    }
    ::close(pipe[1]);
    std::string bytes;
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::read(pipe[0], part.data(), part.size())) > 0;) {
        bytes.append(part.data(), static_cast<std::size_t>(got));
    }
    ::close(pipe[0]);
    if (child < 0) {
        return tl::unexpected(cannot_list("there is no other process"));
    }
    ::waitpid(child, nullptr, 0); // where SIGCHLD is ignored, nobody can tell how it ended
    // The child has its cases where we have ours.
    std::vector<const doctest::TestCaseData*> listed(bytes.size() / sizeof(void*));
    if (!listed.empty()) {
        std::memcpy(listed.data(), bytes.data(), listed.size() * sizeof(void*));
    }
    if (listed.empty() || listed.back() != nullptr) {
        return tl::unexpected(cannot_list("the process that does it died"));
    }
    listed.pop_back();
    std::vector<TestCase*> cases;
    for (const doctest::TestCaseData* const each : listed) {
        cases.push_back(&writable(*static_cast<const TestCase*>(each)));
    }
    return cases;
}

void listing::become_lister(what skipped, int to) {
    to_ = to;
    if (const int nowhere = ::open("/dev/null", O_WRONLY); nowhere >= 0) {
        ::dup2(nowhere, STDOUT_FILENO);
        ::dup2(nowhere, STDERR_FILENO);
    }
    silence_doctest();
    doctest::ContextOptions& options = options_of_doctest();
    if (skipped == what::not_chosen) {
        options.list_test_cases = true; // passes by what it would run
        return;
    }
    options.no_skip = false;
    for (const TestCase& each : doctest::detail::getRegisteredTests()) {
        writable(each).m_skip = true;
    }
}

void listing::note(const doctest::TestCaseData& skipped) {
    skipped_.push_back(&skipped);
}

void listing::end() {
    skipped_.push_back(nullptr); // the end, for who reads it
    const std::size_t size = skipped_.size() * sizeof skipped_[0];
    const auto* bytes = reinterpret_cast<const char*>(skipped_.data());
    for (std::size_t done = 0; done < size;) {
        const ssize_t written = ::write(to_, bytes + done, size - done);
        if (written <= 0) {
            ::_exit(EXIT_FAILURE);
        }
        done += static_cast<std::size_t>(written);
    }
    ::_exit(EXIT_SUCCESS);
}

} // namespace isolite::doc_test
