// What the benchmark `ledger` counts instructions of: BENCH_ROUNDS empty sessions, as cases.

#include "engines.hpp"
#include "ledger/ledger.hpp"
#include "number_of.hpp"

#include <isolite/session.hpp>

int main() {
    // The length of a test's full name as suites have them.
    constexpr const char* test_name = "orders/an_order_reduces_the_stock";
    constexpr int rows = 200;
    isolite::engine engine = bench::engine_of(rows);
    isolite::records::ledger& ledger = isolite::records::ledger::of_process();
    ledger.begin_run();
    const int sessions = bench::number_of("BENCH_ROUNDS", 1);
    for (int i = 0; i < sessions; ++i) {
        ledger.begin_case(test_name, static_cast<std::size_t>(i),
                          isolite::records::ledger::clock::now());
        auto session = bench::require(isolite::session::open(engine, test_name));
        bench::require(session.close());
        ledger.end_case({"passed", "", isolite::records::ledger::clock::now()});
    }
}
