#pragma once

#include "adapters/catch2_caught_output.hpp"
#include "adapters/catch2_events.hpp"
#include "adapters/catch2_reporters.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace isolite::catch2 {

/// Says one case again, as a worker recorded it, to those who listen in the parent.
class replay {
  public:
    /// `before` are the totals of the cases before; with `failures` more failed assertions the run
    /// is cut off, as `--abort` wants it. Lifetime: all outlives it.
    replay(const Catch::TestCaseInfo& test, const Catch::Totals& before, std::uint64_t failures,
           const Catch::IConfig& config, audience& others)
        : test_(test), before_(before), failures_(failures), config_(config), others_(others) {}

    /// Says all of the case, and what its worker died of, unless that is "". Returns what it
    /// counts, but for the failure of a case that should have failed.
    Catch::Totals say(const std::vector<results::event>& events, const std::string& death);

  private:
    struct open_section {
        said_section said;
        Catch::Counts before;
    };

    void say(const results::event& event);
    void say(const said_assertion& said);
    void say_benchmark(const results::event& event);
    void say_death(const std::string& death);
    void begin(said_section said);
    void end(const said_section& said);
    void end_body();
    void begin_part(std::uint64_t number);
    void end_part(const said_case& said);
    void end_what_is_open();
    void end_case(said_case said);
    [[nodiscard]] bool is_cut_off() const { return totals_.assertions.failed >= failures_; }
    [[nodiscard]] Catch::TestCaseStats stats(const said_case& said) const;

    const Catch::TestCaseInfo& test_;
    const Catch::Totals& before_;
    std::uint64_t failures_;
    const Catch::IConfig& config_;
    audience& others_;
    Catch::Totals totals_;  ///< so far
    Catch::Counts counted_; ///< in the passes that have ended
    std::vector<open_section> open_;
    std::optional<std::uint64_t> part_;
    std::optional<caught_output> caught_; ///< while listeners hear of the body
    std::string out_;                     ///< what they wrote in it
    std::string err_;
    std::optional<said_assertion> crash_; ///< where the case was then
    std::vector<said_message> last_messages_;
};

} // namespace isolite::catch2
