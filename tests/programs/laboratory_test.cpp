#include "programs/laboratory.hpp"

#include "os/files.hpp"
#include "os/own_process.hpp"
#include "os/process_facts.hpp"
#include "programs/variables.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace programs = isolite::programs;
using isolite::verify::experiment;
using isolite::verify::workplace;
using programs::laboratory;
using programs::listed_case;
using programs::test_program;

namespace {

namespace fs = std::filesystem;
using positions = std::vector<std::size_t>;

/// Experiments with a program of tests/verify, and what its cases are called.
struct bench {
    std::unique_ptr<laboratory> experiments;
    std::vector<std::string> selectors;

    [[nodiscard]] std::size_t at(const std::string& part) const {
        const auto found =
            std::find_if(selectors.begin(), selectors.end(), [&](const std::string& each) {
                return each.find(part) != std::string::npos;
            });
        REQUIRE(found != selectors.end());
        return static_cast<std::size_t>(found - selectors.begin());
    }
};

/// Works in a new directory while it lives.
class new_directory {
  public:
    new_directory() {
        std::string name = fs::temp_directory_path() / "isolite-laboratory-XXXXXX";
        path_ = ::mkdtemp(name.data());
        fs::current_path(path_);
    }
    new_directory(const new_directory&) = delete;
    new_directory& operator=(const new_directory&) = delete;
    ~new_directory() {
        fs::current_path(before_);
        fs::remove_all(path_);
    }

  private:
    fs::path before_ = fs::current_path();
    fs::path path_;
};

/// Calls a function with experiments for a program of tests/verify, if it was built.
void with_program(const std::string& name, const std::function<void(bench&)>& look) {
    const char* const directory = std::getenv("PLAIN_PROGRAMS");
    REQUIRE(directory != nullptr);
    const std::string path = std::string(directory) + "/" + name;
    if (!isolite::os::look_at(path)) {
        return;
    }
    const new_directory here; // where no other run of this test verifies
    auto place = workplace::open();
    REQUIRE(place);
    const std::string answer = place->own() + "/answer.txt";
    const auto program = programs::look_at({path}, answer);
    REQUIRE(program);
    REQUIRE(*program);
    const auto cases = programs::list(**program, answer);
    REQUIRE(cases);
    bench made;
    for (const listed_case& each : *cases) {
        made.selectors.push_back(each.selector);
    }
    made.experiments =
        std::make_unique<laboratory>(**program, *cases, *place, isolite::run::options());
    look(made);
    place->tidy_up();
}

/// Calls it for the program of each framework.
void with_each(const std::function<void(bench&)>& look) {
    for (const char* const name : {"boost_test", "catch2", "doctest", "gtest"}) {
        CAPTURE(name);
        with_program(std::string("plain_") + name, look);
    }
}

} // namespace

TEST_CASE("few cases run in the order of their plan, however the program lists them") {
    with_each([](bench& of) {
        const positions listed = {of.at("list"), of.at("import"), of.at("cancel")};
        const std::vector<positions> orders = {{listed[1], listed[0]},
                                               {listed[2], listed[0]},
                                               {listed[2], listed[1], listed[0]},
                                               {listed[1], listed[0], listed[2]}};
        for (const positions& order : orders) {
            CHECK(of.experiments->run({order, 1}).order == order);
        }
    });
}

TEST_CASE("of many cases the last of the plan is the last to run") {
    with_each([](bench& of) {
        for (const char* const last : {"list", "count"}) {
            positions order(of.selectors.size() - 1);
            std::iota(order.begin(), order.end(), std::size_t(0));
            const std::size_t victim = of.at(last);
            order.erase(std::find(order.begin(), order.end(), victim));
            order.push_back(victim);
            const experiment done = of.experiments->run({order, 1});
            CHECK(done.order.size() == order.size());
            CHECK(done.order.back() == victim);
        }
    });
}

TEST_CASE("a plan is carried out in the same order again") {
    with_each([](bench& of) {
        positions order(of.selectors.size());
        std::iota(order.begin(), order.end(), std::size_t(0));
        std::reverse(order.begin(), order.end());
        const positions ran = of.experiments->run({order, 1}).order;
        CHECK(ran.size() == order.size());
        CHECK(of.experiments->run({ran, 1}).order == ran);
        const positions part(ran.begin() + 1, ran.end() - 1);
        CHECK(of.experiments->run({part, 1}).order.back() == part.back());
    });
}

TEST_CASE("the command of a finding shows it, whatever orders of all cases were seen before") {
    with_program("plain_suites", [](bench& of) {
        positions all(of.selectors.size());
        std::iota(all.begin(), all.end(), std::size_t(0));
        std::mt19937 dice;
        for (int i = 0; i < 20; ++i) {
            std::shuffle(all.begin(), all.end(), dice);
            CHECK(of.experiments->run({all, 1}).order.size() == all.size());
        }
        // What is declared behind its victim needs a seed.
        const std::vector<std::pair<const char*, const char*>> pairs = {
            {"customers/import", "customers/list"},  {"customers/merge", "customers/list"},
            {"customers/merge", "customers/import"}, {"orders/cancel", "orders/total"},
            {"orders/cancel", "customers/list"},     {"users/nobody", "users/login"},
            {"users/forget", "users/login"},         {"users/forget", "users/nobody"}};
        for (const auto& pair : pairs) {
            isolite::os::set_variable("PLAIN_CULPRIT", pair.first);
            isolite::os::set_variable("PLAIN_VICTIM", pair.second);
            isolite::verify::finding found;
            found.kind = isolite::verify::finding::what::after;
            found.culprits = {of.at(pair.first)};
            found.victim = of.at(pair.second);
            found.alone = isolite::results::verdict::passed;
            found.otherwise = isolite::results::verdict::failed;
            const experiment both = of.experiments->run({{found.culprits[0], found.victim}, 1});
            CHECK(both.verdict_of(found.victim) == found.otherwise);
            const std::string again = of.experiments->again(found);
            CAPTURE(again);
            CHECK(std::system((again + " >/dev/null 2>&1").c_str()) != 0);
        }
        isolite::os::unset_variable("PLAIN_CULPRIT");
        isolite::os::unset_variable("PLAIN_VICTIM");
    });
}

TEST_CASE("an experiment is in the conditions of its plan, and the next one is not") {
    using isolite::results::verdict;
    isolite::os::set_variable("PLAIN_FAULT", "zone");
    isolite::os::set_variable("TZ", "UTC");
    with_each([](bench& of) {
        const std::size_t total = of.at("total");
        const isolite::run::condition held{isolite::run::condition::what::zone, "<+14>-14"};
        const experiment there = of.experiments->run({{total}, 1, {held}});
        CHECK(there.verdict_of(total) == verdict::failed);
        CHECK(there.conditions == std::vector<isolite::run::condition>{held});
        const experiment here = of.experiments->run({{total}, 1});
        CHECK(here.verdict_of(total) == verdict::passed);
        CHECK(here.conditions.empty());
    });
    isolite::os::unset_variable("PLAIN_FAULT");
    isolite::os::unset_variable("TZ");
}

TEST_CASE("a command in conditions has variables in front, and words as a shell reads them") {
    using kind = isolite::run::condition::what;
    const auto variables = programs::variables_for(
        {{kind::zone, "<+14>-14"}, {kind::locale, "de_DE.UTF-8"}, {kind::memory, "junk"}});
    CHECK(programs::in_front(variables) == "LC_ALL=de_DE.UTF-8 MALLOC_PERTURB_=90 TZ='<+14>-14' ");
    CHECK(programs::in_front({}) == "");
}
