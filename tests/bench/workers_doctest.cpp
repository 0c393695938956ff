// The suite that the benchmark `workers` runs: cases whose bodies are chosen by the environment.
// BENCH_CASES: how many. BENCH_BODY: nothing, work (a fixed amount on the processor) or wait (20
// ms). BENCH_LONG: how many times as long the last case takes.

#include "number_of.hpp"

#include <isolite/doctest_main.hpp>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <thread>

namespace {

const int cases = bench::number_of("BENCH_CASES", 882);
const int times_longer = bench::number_of("BENCH_LONG", 1);

const char* body() {
    const char* const chosen = std::getenv("BENCH_BODY");
    return chosen ? chosen : "nothing";
}

/// About 2 ms on the processor, whoever else uses it.
void work() {
    unsigned long state = 1;
    for (int i = 0; i < 1'000'000; ++i) {
        state = state * 6364136223846793005UL + 1442695040888963407UL;
    }
    volatile unsigned long result = state;
    static_cast<void>(result);
}

void run_case() {
    const bool is_last =
        doctest::getContextOptions()->currentTest->m_line == static_cast<unsigned>(cases);
    for (int i = 0; i < (is_last ? times_longer : 1); ++i) {
        if (std::strcmp(body(), "work") == 0) {
            work();
        } else if (std::strcmp(body(), "wait") == 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }
    CHECK(true);
}

/// Registers the cases, in the order of their numbers.
const bool registered = [] {
    static std::deque<std::string> names;
    for (int i = 1; i <= cases; ++i) {
        names.push_back("case " + std::to_string(i));
        doctest::detail::regTest(doctest::detail::TestCase(run_case, __FILE__,
                                                           static_cast<unsigned>(i),
                                                           doctest::detail::TestSuite()) *
                                 names.back().c_str());
    }
    return true;
}();

} // namespace
