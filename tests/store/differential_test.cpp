#include "random_play.hpp"
#include "scratch_directory.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdlib>
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

/// Plays one seed. Returns how many locks were revoked.
std::size_t play(std::uint64_t seed) {
    dice choices(seed);
    const logs in_logs = std::array{logs::ended, logs::none, logs::kept, logs::none}[seed % 4];
    int done = 0;
    return play(choices, in_logs, [&done] { return done++ < steps; });
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
