#include "verify/made_files.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>

using isolite::verify::experiment;
using isolite::verify::made_files;
using isolite::verify::trace;

namespace {

/// Returns an experiment of cases, each with the files that it was seen to make.
experiment of(const std::map<std::size_t, std::set<std::string>>& cases) {
    experiment done;
    for (const auto& [position, names] : cases) {
        done.order.push_back(position);
        for (const std::string& name : names) {
            done.became[position].traces.push_back({trace::what::file, name, "makes " + name});
        }
        done.became[position];
    }
    return done;
}

} // namespace

TEST_CASE("a file that a case makes each of three times, alone as well, is made again") {
    made_files made;
    made.note(of({{0, {"a"}}, {1, {}}}), {"a"});
    made.note(of({{0, {"a"}}}), {"a"});
    CHECK_FALSE(made.is_made_again("a"));
    made.note(of({{0, {"a"}}, {1, {}}}), {"a"});
    CHECK(made.is_made_again("a"));
    CHECK(made.names() == std::vector<std::string>{"a"});
}

TEST_CASE(
    "a file that a case once did not make is not made again, nor one that it made beside others") {
    made_files once_not;
    made_files never_alone;
    for (int i = 0; i < 5; ++i) {
        once_not.note(of({{0, {"a"}}}), {"a"});
        never_alone.note(of({{0, {"a"}}, {1, {}}}), {"a"});
    }
    once_not.note(of({{0, {}}, {1, {}}}), {});
    CHECK_FALSE(once_not.is_made_again("a"));
    CHECK_FALSE(never_alone.is_made_again("a"));
}

TEST_CASE("where another case has made a file before, the next one need not make it") {
    made_files made;
    made.note(of({{0, {"a"}}, {1, {}}}), {"a"}); // which 1 would have made as well
    made.note(of({{1, {"a"}}, {2, {}}}), {"a"});
    made.note(of({{1, {"a"}}}), {"a"});
    CHECK(made.is_made_again("a"));
}

TEST_CASE("a file is of others if those who were seen to make it never do so again") {
    made_files made;
    made.note(of({{0, {"mine"}}, {1, {"a"}}}), {"a", "mine"});
    CHECK_FALSE(made.is_of_others("mine"));
    for (int i = 0; i < 2; ++i) {
        made.note(of({{0, {}}, {1, {"a"}}}), {"a"});
    }
    CHECK(made.is_of_others("mine"));
    CHECK_FALSE(made.is_of_others("a"));
}

TEST_CASE("a file that no case was seen to make is of others, and not made again") {
    made_files made;
    for (int i = 0; i < 3; ++i) {
        made.note(of({{0, {}}}), {"a"});
    }
    CHECK(made.is_of_others("a"));
    CHECK_FALSE(made.is_made_again("a"));
}
