#include "../sandbox/in_child.hpp"
#include "run/shared_records.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using isolite::run::progress_of_case;
using isolite::run::shared_records;

namespace {

constexpr std::uintptr_t cache_line = 64;

template <typename Record>
std::uintptr_t line_of(const Record& record) {
    return reinterpret_cast<std::uintptr_t>(&record) / cache_line;
}

} // namespace

TEST_CASE("records are zero at first") {
    shared_records records(3, 2, 4);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(records.of_case(i).owner == 0);
        CHECK((records.of_case(i).progress == progress_of_case::open));
    }
    for (std::size_t i = 0; i < 2; ++i) {
        const auto& worker = records.of_worker(i);
        CHECK(worker.running + worker.cases + worker.claims + worker.tests + worker.fixtures == 0);
        CHECK(worker.since == 0);
    }
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(records.owner_of_group(i) == 0);
    }
    CHECK(records.of_run().done + records.of_run().failed == 0);
    CHECK_FALSE(records.of_run().stopped);
}

TEST_CASE("a child and its parent see the same records") {
    shared_records records(1, 1, 1);
    records.of_case(0).owner = 1;
    const std::string seen = in_child([&] {
        records.owner_of_group(0) = 2;
        records.of_case(0).progress = progress_of_case::skipped;
        records.of_worker(0).tests = UINT64_MAX;
        records.of_run().stopped = true;
        return std::to_string(records.of_case(0).owner);
    });
    CHECK(seen == "1");
    CHECK(records.owner_of_group(0) == 2);
    CHECK((records.of_case(0).progress == progress_of_case::skipped));
    CHECK(records.of_worker(0).tests == UINT64_MAX);
    CHECK(records.of_run().stopped);
}

TEST_CASE("what several processes add at once is not lost") {
    shared_records records(1, 1, 0);
    constexpr std::uint64_t times = 100'000;
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i) {
        children.push_back(::fork());
        if (children.back() == 0) {
            for (std::uint64_t j = 0; j < times; ++j) {
                records.of_run().done.fetch_add(1);
            }
            ::_exit(0);
        }
    }
    for (const pid_t child : children) {
        CHECK(::waitpid(child, nullptr, 0) == child);
    }
    CHECK(records.of_run().done == 4 * times);
}

TEST_CASE("of all that want a case, one gets it") {
    constexpr std::size_t cases = 2000;
    shared_records records(cases, 4, 0);
    std::vector<pid_t> children;
    for (std::uint32_t mark = 1; mark <= 4; ++mark) {
        children.push_back(::fork());
        if (children.back() == 0) {
            for (std::size_t i = 0; i < cases; ++i) {
                std::uint32_t nobody = 0;
                if (records.of_case(i).owner.compare_exchange_strong(nobody, mark)) {
                    records.of_worker(mark - 1).cases.fetch_add(1);
                }
            }
            ::_exit(0);
        }
    }
    for (const pid_t child : children) {
        CHECK(::waitpid(child, nullptr, 0) == child);
    }
    std::uint64_t got = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        got += records.of_worker(i).cases;
    }
    CHECK(got == cases);
}

TEST_CASE("no two records overlap, and each worker has cache lines of its own") {
    constexpr std::size_t cases = 33;
    constexpr std::size_t workers = 5;
    constexpr std::size_t groups = 17;
    shared_records records(cases, workers, groups);
    std::set<std::uintptr_t> lines = {line_of(records.of_run())};
    for (std::size_t i = 0; i < workers; ++i) {
        CHECK(reinterpret_cast<std::uintptr_t>(&records.of_worker(i)) % cache_line == 0);
        CHECK(lines.insert(line_of(records.of_worker(i))).second);
        records.of_worker(i).fixtures = UINT64_MAX;
    }
    CHECK(lines.count(line_of(records.of_case(0))) == 0);
    for (std::size_t i = 0; i < cases; ++i) {
        CHECK(lines.count(line_of(records.of_case(i))) == 0);
        records.of_case(i).owner = static_cast<std::uint32_t>(i + 1);
        records.of_case(i).progress = progress_of_case::failed;
    }
    for (std::size_t i = 0; i < groups; ++i) {
        CHECK(lines.count(line_of(records.owner_of_group(i))) == 0);
        records.owner_of_group(i) = static_cast<std::uint32_t>(1000 + i);
    }
    for (std::size_t i = 0; i < cases; ++i) {
        CHECK(records.of_case(i).owner == i + 1);
        CHECK((records.of_case(i).progress == progress_of_case::failed));
    }
    for (std::size_t i = 0; i < groups; ++i) {
        CHECK(records.owner_of_group(i) == 1000 + i);
    }
    CHECK(records.of_run().done == 0);
    CHECK(records.of_worker(0).running == 0);
}

TEST_CASE("records keep their places when they are moved") {
    shared_records first(2, 1, 1);
    first.of_case(1).owner = 7;
    const auto* const place = &first.of_case(1);
    shared_records second = std::move(first);
    CHECK(&second.of_case(1) == place);
    second.of_case(1).owner = 8;
    shared_records third(1, 1, 1);
    third = std::move(second);
    CHECK(third.of_case(1).owner == 8);
}

TEST_CASE("there may be no groups, and no cases") {
    shared_records records(0, 1, 0);
    records.of_worker(0).running = 1;
    CHECK(records.of_run().done == 0);
}
