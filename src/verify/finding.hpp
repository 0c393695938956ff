#pragma once

#include "results/outcome.hpp"
#include "run/condition.hpp"
#include "verify/experiment.hpp"
#include "verify/trace.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace isolite::verify {

/// A case whose verdict, or what else shows of it, depends on something else than itself.
struct finding {
    enum class what : std::uint8_t {
        after,   ///< It is another one behind others, or when it ran before, than alone.
        beside,  ///< It is another one while others run at the same time.
        within,  ///< It is another one in conditions, with nobody else or behind others.
        unsure,  ///< It differs where nothing differs: nobody can tell whether others matter.
        message, ///< It fails in any case, but with another message behind others than alone.
        changes, ///< It passes, but changes databases in another way: those that isolite holds.
    };

    finding::what kind = what::unsure;
    std::size_t victim = 0;
    results::verdict alone = results::verdict::not_run;
    results::verdict otherwise = results::verdict::not_run;
    std::string why; ///< what it says when it fails
    /// Of a message, or of changes, the first line that differs, "" where there is none.
    std::string said_alone = {};
    std::string said_otherwise = {};
    std::vector<std::size_t> culprits; ///< those that matter, in their order
    /// Behind the culprits, these let it be what it is alone.
    std::vector<std::size_t> cleaners;
    /// Says whether all culprits are needed, or whether it is unsure by itself; else the budget
    /// ended before that was known.
    bool is_smallest = true;
    unsigned workers = 1;
    bool begins_last = false;               ///< beside others, when it was another one
    std::vector<run::condition> conditions; ///< in which it is another one
    /// The condition most like that one in which it is what it is alone, where it was looked for.
    std::optional<run::condition> unlike;
    std::string statement; ///< that lacks an order, if that is known
    /// Unsure, but it has failed only while others ran in other workers.
    bool only_beside = false;
    bool timed_out = false; ///< It took too long at least once, and may wait for ever.
    /// Unsure: it passed at first, and has failed ever since.
    bool has_failed_since = false;
    /// How often it ran, and failed, where it is unsure.
    std::size_t runs = 0;
    std::size_t failures = 0;
};

/// What a case leaves behind, whether or not that matters to another one.
struct leftover {
    std::size_t position = 0;
    std::vector<trace> traces;
};

/// What a verification has found.
struct verification {
    std::vector<finding> findings;    ///< by the position of the victim
    std::vector<finding> differences; ///< of a message or of changes
    std::size_t more_differences = 0; ///< cases whose differences were not looked into
    std::vector<leftover> leftovers;  ///< by position
    std::vector<std::size_t> failed;  ///< in every experiment
    std::vector<observation> usual;   ///< in their order, by position
    std::vector<std::size_t> runs;    ///< how often each ended, by position
    std::size_t cases = 0;
    std::size_t experiments = 0;
    std::size_t orders = 0;                 ///< of all cases, by one worker
    std::size_t twice = 0;                  ///< experiments of all cases, twice in one process
    std::size_t run_alone = 0;              ///< cases
    std::size_t in_parallel = 0;            ///< experiments
    std::vector<run::condition> conditions; ///< that were tried
    std::vector<std::string> untried;       ///< what could not be tried here, and why
    /// These compare the time with one that stays as it is in a process with another clock.
    std::vector<std::size_t> with_two_clocks;
    bool was_cut = false;   ///< The budget ended before all was tried.
    int interrupted_by = 0; ///< a signal, or 0
    std::chrono::nanoseconds taken{0};

    /// Says whether the budget was so short that no case ran a second time.
    [[nodiscard]] bool has_compared_nothing() const { return was_cut && experiments <= 1; }

    /// Says whether a case was found that depends on something else than itself.
    [[nodiscard]] bool has_dependent() const {
        for (const finding& each : findings) {
            if (each.kind != finding::what::unsure) {
                return true;
            }
        }
        return false;
    }
};

} // namespace isolite::verify
