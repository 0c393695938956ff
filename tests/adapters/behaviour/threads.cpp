// Assertions in several threads at once, for frameworks that allow them; threads_test.py judges,
// under ThreadSanitizer too.
#include BEHAVIOUR_OF

#include "../stock.hpp"

#include <string>
#include <thread>
#include <vector>

namespace {

using stock_test = framework::session<stock>;

BEHAVIOUR_SUITE(threads);
BEHAVIOUR_CASE(threads, fail_at_once, stock_test, PLAIN) {
    std::vector<std::thread> all;
    for (int thread = 0; thread < 4; ++thread) {
        all.emplace_back([thread] {
            for (int i = 0; i < 25; ++i) {
                const std::string text =
                    "thread " + std::to_string(thread) + " says " + std::to_string(i) + ";";
                FAIL_WITH(text);
            }
        });
    }
    for (std::thread& each : all) {
        each.join();
    }
}
BEHAVIOUR_CASE(threads, use_the_database, stock_test, PLAIN) {
    std::thread([this] { VERIFY(value<int>("SELECT count(*) FROM products") == 2); }).join();
}

} // namespace
