#pragma once

#include "adapters/gtest_events.hpp"
#include "adapters/gtest_tests.hpp"
#include "results/outcome.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace isolite::googletest {

/// Lets GoogleTest in the parent run its tests as always, with bodies that say what was recorded in
/// the workers. What it writes is then its own.
class replay {
  public:
    /// Lifetime: the outcome and the listener outlive it.
    replay(const std::vector<chosen_case>& cases, const results::outcome& outcome,
           testing::TestEventListener& others);

    /// Gives GoogleTest back what it had, for the next iteration.
    ~replay();
    replay(const replay&) = delete;
    replay& operator=(const replay&) = delete;

    /// Says what failed in workers outside of all suites, as threads do that a test left running.
    void say_outside();

    void say_set_up(const testing::TestSuite& suite);
    void say_end(testing::TestSuite& suite);

    /// Says what was said in the running case.
    void say(testing::TestInfo& test);

    /// Replaces the time that it took to say the case by that of the case.
    void correct(testing::TestInfo& test) const;

  private:
    struct suite {
        std::vector<said_part> set_up;
        std::vector<said_part> end;
        std::vector<said_part> deaths; ///< of workers
        std::vector<said_property> properties;
    };

    struct original {
        testing::internal::TestFactoryBase* factory;
        testing::internal::SetUpTestSuiteFunc set_up;
        testing::internal::TearDownTestSuiteFunc tear_down;
    };

    class body;
    class factory;

    void read(const results::event& event);
    void say(testing::TestResult& into, const said_part& part);
    void tell(const testing::TestPartResult& part);

    std::vector<chosen_case> cases_;
    const results::outcome& outcome_;
    testing::TestEventListener& others_;
    std::map<const testing::TestInfo*, std::size_t> positions_;
    std::map<std::string, suite> suites_;
    std::vector<original> originals_; ///< by position
    const testing::TestInfo* said_ = nullptr;
    const testing::TestSuite* entered_ = nullptr;
};

} // namespace isolite::googletest
