#include "scratch_directory.hpp"
#include "statement_source.hpp"
#include "twin_database.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <ostream>

// Random SQL on our VFS and on SQLite's own must give the same, whatever layers come and go.
//
// To fuzz for longer, or to reproduce a failure, set
//   ISOLITE_TEST_DIFFERENTIAL_SEED     the first seed; default 1
//   ISOLITE_TEST_DIFFERENTIAL_ROUNDS   how many seeds; default 24
//   ISOLITE_TEST_DIFFERENTIAL_MINUTES  go on with more seeds for so long; default 0

using namespace isolite::store::tests;

namespace {

constexpr int steps = 160;

std::uint64_t option(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

void step(twin_database& both, statement_source& statements, dice& choices) {
    const std::size_t on = choices.below(twin_database::connections);
    switch (choices.below(42)) {
    case 0:
    case 1:
        return both.depth() < 4 ? both.checkpoint() : both.discard();
    case 2:
        return both.depth() > 0 ? both.discard() : both.checkpoint();
    case 3:
    case 13:
        return both.depth() > 0 ? both.discard_under_locks({statements.next(), statements.next()})
                                : both.checkpoint();
    case 40:
        return both.depth() > 0 ? both.rewind_under_locks({statements.next(), statements.next()})
                                : both.checkpoint();
    case 41:
        return both.depth() > 0 ? both.settle() : both.checkpoint();
    case 4:
    case 5:
        return both.open_cursor(on, statements.walk());
    case 6:
    case 7:
    case 8:
        return both.step_cursor(on, choices.below(30));
    case 9:
        return both.keep_statement(on, statements.query());
    case 10:
    case 11:
        return both.run_kept(on);
    case 12:
        return choices.one_in(3) ? both.reopen(on) : both.run(on, statements.next());
    default:
        return both.run(on, statements.next());
    }
}

/// Plays one seed. Returns how many locks were revoked.
std::size_t play(std::uint64_t seed) {
    dice choices(seed);
    const logs in_logs = std::array{logs::ended, logs::none, logs::kept, logs::none}[seed % 4];
    statement_source statements(choices, in_logs != logs::none);
    const auto setup = statements.world();
    twin_database both(choices.one_in(8) ? std::vector<std::string>{} : setup, !choices.one_in(4),
                       in_logs);
    try {
        for (int done = 0; done < steps; ++done) {
            step(both, statements, choices);
        }
        while (both.depth() > 0) {
            both.discard();
        }
    } catch (const std::exception& problem) {
        for (const std::string& line : both.transcript()) {
            std::cerr << line << '\n';
        }
        std::cerr << "seed " << seed << ": " << problem.what() << '\n';
        throw;
    }
    return both.revoked();
}

} // namespace

TEST_CASE("a database on the VFS does what it does on SQLite's own VFS, layers or not") {
    using clock = std::chrono::steady_clock;
    const scratch_directory scratch;
    const std::uint64_t first = option("ISOLITE_TEST_DIFFERENTIAL_SEED", 1);
    const std::uint64_t rounds = option("ISOLITE_TEST_DIFFERENTIAL_ROUNDS", 24);
    const auto end =
        clock::now() + std::chrono::minutes(option("ISOLITE_TEST_DIFFERENTIAL_MINUTES", 0));
    std::size_t revoked = 0;
    std::uint64_t seed = first;
    while (seed - first < rounds || clock::now() < end) {
        CAPTURE(seed);
        REQUIRE_NOTHROW(revoked += play(seed));
        ++seed;
    }
    MESSAGE("seeds ", first, " to ", seed - 1, ", ", revoked, " locks revoked");
    CHECK(revoked > 0);
}
