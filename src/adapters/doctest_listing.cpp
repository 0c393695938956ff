#include "adapters/doctest_listing.hpp"

#include "adapters/doctest_registry.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ostream>
#include <set>
#include <streambuf>
#include <string>
#include <string_view>

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

/// In two children, since doctest tells of what it skips only: one skips all, which shows the
/// order, the other what it would not run.
result<std::vector<TestCase*>> listing::list() {
    auto all = skipped_by_doctest(what::all);
    if (!all || is_lister_) {
        return all;
    }
    const auto others = skipped_by_doctest(what::not_chosen);
    if (!others || is_lister_) {
        return others;
    }
    const std::set<TestCase*> left_out(others->begin(), others->end());
    all->erase(std::remove_if(all->begin(), all->end(),
                              [&](TestCase* each) { return left_out.count(each) > 0; }),
               all->end());
    return all;
}

result<std::vector<TestCase*>> listing::skipped_by_doctest(what skipped) {
    auto file = os::high_descriptor::open("isolite-cases");
    if (!file) {
        return tl::unexpected(file.error());
    }
    file_ = *std::move(file);
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child < 0) {
        return tl::unexpected(cannot_list("there is no other process"));
    }
    if (child == 0) {
        is_lister_ = true;
        become_lister(skipped);
        return {};
    }
    ::waitpid(child, nullptr, 0); // where SIGCHLD is ignored, nobody can tell how it ended
    // The child has its cases where we have ours.
    std::vector<TestCase*> cases;
    const TestCase* listed = nullptr;
    const auto place = [&] { return static_cast<off_t>(cases.size() * sizeof listed); };
    while (::pread(file_->number(), &listed, sizeof listed, place()) == sizeof listed) {
        if (listed == nullptr) {
            return cases;
        }
        cases.push_back(&writable(*listed));
    }
    return tl::unexpected(cannot_list("the process that does it died"));
}

void listing::become_lister(what skipped) {
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
    noted_.push_back(static_cast<const TestCase*>(&skipped));
}

void listing::end() {
    noted_.push_back(nullptr); // the end, for who reads it
    std::string_view rest(reinterpret_cast<const char*>(noted_.data()),
                          noted_.size() * sizeof noted_[0]);
    while (!rest.empty()) {
        const ssize_t written = ::write(file_->number(), rest.data(), rest.size());
        if (written <= 0) {
            ::_exit(EXIT_FAILURE);
        }
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    ::_exit(EXIT_SUCCESS);
}

} // namespace isolite::doc_test
