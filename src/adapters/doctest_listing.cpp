#include "adapters/doctest_listing.hpp"

#include "adapters/doctest_registry.hpp"

#include <cstdio>
#include <cstdlib>
#include <ostream>
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

result<std::vector<TestCase*>> listing::list() {
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
        become_lister();
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

void listing::become_lister() {
    is_lister_ = true;
    if (const int nowhere = ::open("/dev/null", O_WRONLY); nowhere >= 0) {
        ::dup2(nowhere, STDOUT_FILENO);
        ::dup2(nowhere, STDERR_FILENO);
    }
    silence_doctest();
    for (const TestCase& each : doctest::detail::getRegisteredTests()) {
        writable(each).m_test = [] {};
    }
}

void listing::note(const doctest::TestCaseData& test) {
    noted_.push_back(static_cast<const TestCase*>(&test));
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
