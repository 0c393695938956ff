#include "adapters/doctest_listing.hpp"

#include "adapters/doctest_registry.hpp"
#include "os/child_processes.hpp"
#include "os/own_process.hpp"
#include "os/standard_streams.hpp"

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <set>
#include <streambuf>
#include <string>

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
    // In memory and not in a file, whose size may be limited.
    const std::size_t size =
        sizeof(std::size_t) + doctest::detail::getRegisteredTests().size() * sizeof(TestCase*);
    auto memory = os::shared_memory::up_to(size);
    if (!memory || memory->size() < size) {
        return tl::unexpected(cannot_list("there is no memory for it"));
    }
    noted_ = *std::move(memory);
    const pid_t child = os::fork_child();
    if (child < 0) {
        return tl::unexpected(cannot_list("there is no other process"));
    }
    if (child == 0) {
        is_lister_ = true;
        become_lister(skipped);
        return {};
    }
    os::await_end(child);
    if (ended() == 0) {
        return tl::unexpected(cannot_list("the process that does it died"));
    }
    // The child has its cases where we have ours.
    const std::vector<TestCase*> cases(noted_cases(), noted_cases() + ended() - 1);
    noted_.reset();
    return cases;
}

std::size_t& listing::ended() const {
    return *reinterpret_cast<std::size_t*>(noted_->bytes());
}

TestCase** listing::noted_cases() const {
    return reinterpret_cast<TestCase**>(noted_->bytes() + sizeof(std::size_t));
}

void listing::become_lister(what skipped) {
    os::write_nothing();
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
    noted_cases()[count_] = const_cast<TestCase*>(static_cast<const TestCase*>(&skipped));
    ++count_;
}

void listing::end() {
    ended() = count_ + 1;
    os::end_at_once(EXIT_SUCCESS);
}

} // namespace isolite::doc_test
