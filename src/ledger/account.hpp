#pragma once

#include "ledger/fixture_kind.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace isolite::records {

/// Fixture work that was done: a piece, or several.
struct fixture_note {
    fixture_kind kind;
    std::string_view name;                ///< The seed, the database, or what the user called it.
    std::chrono::nanoseconds duration{0}; ///< Of all of it.
    unsigned depth = 0;                   ///< How many fixtures were around it.
    std::size_t count = 1;
    std::chrono::nanoseconds longest{0}; ///< Of several.
};

/// When a piece of fixture work was done, and how many fixtures are around it.
struct fixture_span {
    std::chrono::steady_clock::time_point begun;
    std::chrono::steady_clock::time_point ended;
    unsigned depth = 0;
};

/// What one fixture cost, over and over.
struct fixture_figures {
    std::size_t count = 0;
    std::chrono::nanoseconds total{0};
    std::chrono::nanoseconds median{0};
    std::chrono::nanoseconds percentile_95{0};
    std::chrono::nanoseconds max{0};
};

/// Adds up durations. Of very many, it keeps every second for the median, then every fourth, and so
/// on: those that it keeps are 65,536 at most, in equal distances.
class duration_sample {
  public:
    void add(std::chrono::nanoseconds duration);

    /// Adds several of which only the sum and the longest are known. The median takes them for
    /// equal.
    void add_several(std::size_t count, std::chrono::nanoseconds total,
                     std::chrono::nanoseconds longest);
    [[nodiscard]] fixture_figures figures() const;
    [[nodiscard]] std::size_t count() const { return figures_.count; }
    [[nodiscard]] std::size_t kept() const { return kept_.size(); }

  private:
    fixture_figures figures_; ///< without median and percentile
    std::vector<std::chrono::nanoseconds> kept_;
    std::size_t stride_ = 1;
};

/// Something that took long, and how long.
struct slow_thing {
    std::string what;
    std::chrono::nanoseconds time{0};
};

/// The slowest of many things.
class slowest_list {
  public:
    static constexpr std::size_t most = 10;

    /// Says whether something that took so long would be in it. Asked first, to save a text.
    [[nodiscard]] bool takes(std::chrono::nanoseconds time) const;
    void add(slow_thing thing);

    /// Returns them, the slowest first.
    [[nodiscard]] std::vector<slow_thing> sorted() const;

  private:
    std::vector<slow_thing> heap_; ///< its front is the fastest of them
};

/// A fixture and what it cost.
struct billed_fixture {
    fixture_kind kind;
    std::string name;
    fixture_figures figures;
};

/// What one worker did, all its processes together.
struct worker_account {
    std::string name;
    std::size_t cases = 0;
    unsigned replacements = 0;
    std::chrono::nanoseconds life{0};     ///< of its processes, from start to end
    std::chrono::nanoseconds tests{0};    ///< in cases, without the fixtures in them
    std::chrono::nanoseconds fixtures{0}; ///< in cases and outside of them
};

/// What fixtures and tests cost: in one process, or in all workers of a run together.
class account {
  public:
    /// Adds fixture work that was done in a test, or outside of any, which is "".
    void add(const fixture_note& note, std::string_view test);

    /// Adds a test, without the fixtures in it.
    void add_test(std::string_view test, std::chrono::nanoseconds duration);

    /// Notes how long it takes to apply a seed.
    void add_seeding(const std::string& seed, std::chrono::nanoseconds duration);

    /// Notes that a seed is not shared, and why; and returns all such seeds.
    void add_seeding_alone(std::string_view seed, std::string_view why);
    [[nodiscard]] const std::map<std::string, std::string>& seeds_alone() const;

    [[nodiscard]] bool empty() const { return notes_ == 0 && tests_ == 0; }
    [[nodiscard]] bool has_fixtures() const { return notes_ > 0; }
    [[nodiscard]] std::size_t tests() const { return tests_; }
    [[nodiscard]] std::chrono::nanoseconds time_in_tests() const { return time_in_tests_; }
    [[nodiscard]] std::chrono::nanoseconds time_in_fixtures() const { return time_in_fixtures_; }
    [[nodiscard]] const slowest_list& slowest_tests() const { return slowest_tests_; }
    [[nodiscard]] const slowest_list& slowest_fixtures() const { return slowest_fixtures_; }

    /// Returns all fixtures, by kind and then by name.
    [[nodiscard]] std::vector<billed_fixture> fixtures() const;

    /// What it would have cost to apply the seeds again and again.
    struct without_sharing {
        std::chrono::nanoseconds each_test{0}; ///< 0: nothing is known
        std::chrono::nanoseconds each_worker{0};
    };
    [[nodiscard]] without_sharing cost_without_sharing() const;

  private:
    using named_samples = std::map<std::string, duration_sample, std::less<>>;

    [[nodiscard]] std::size_t count(fixture_kind kind, const std::string& name) const;

    std::vector<named_samples> fixtures_{fixture_kinds}; ///< by kind
    std::size_t notes_ = 0;
    std::map<std::string, std::chrono::nanoseconds> seeding_; ///< by the name of the seed
    std::map<std::string, std::string> seeds_alone_;
    std::chrono::nanoseconds time_in_fixtures_{0}; ///< those inside of others not again
    std::chrono::nanoseconds time_in_tests_{0};
    std::size_t tests_ = 0;
    slowest_list slowest_tests_;
    slowest_list slowest_fixtures_;
};

} // namespace isolite::records
