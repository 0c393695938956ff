#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"
#include "run/forked_worker.hpp"
#include "suites/shard_cut.hpp"

#include <isolite/shard.hpp>

#include <optional>
#include <string>
#include <vector>

namespace isolite::suites {

/// What a suite that runs asks of an adapter, which knows its framework.
class adapter {
  public:
    /// Returns all cases of the program, in an order that is the same in each of its shards,
    /// whatever filters and orders its options ask for, and again in each run of the process.
    virtual std::vector<case_to_cut> all_cases(const shard& shard) = 0;

    /// Says whether the framework may have left out cases of other shards by a rule of its own.
    [[nodiscard]] virtual bool is_cut_by_framework() const { return false; }

    /// Returns the words of a command line by which the framework runs only some of the cases;
    /// none if it runs all. They are equal in shards that are parts of one whole. Called before
    /// others are left out.
    [[nodiscard]] virtual std::vector<std::string> filters() const = 0;

    /// Leaves out the cases of other shards, and no others. `is_own`: by the positions in
    /// `all_cases`.
    virtual void leave_out_others(const std::vector<bool>& is_own) = 0;

    /// Returns the cases that the framework would run, in its order; nothing in a process that was
    /// forked to find that out, and goes on for nothing else.
    virtual result<std::optional<std::vector<results::test_case>>> list() = 0;

    /// Lets the framework run what the worker claims, and say nothing. Called in the worker, before
    /// its first case. Lifetime: the worker outlives the run.
    virtual void become_worker(run::forked_worker& worker) = 0;

    /// Lets the framework say again what became of the cases, or says it otherwise. Called in the
    /// parent of the workers, when all is done. Lifetime: the outcome outlives the run.
    virtual void become_parent(results::outcome& outcome) = 0;

    /// Returns the words of a command line by which the framework runs these cases, and as few
    /// others as it can tell from them; none where it cannot be asked for them.
    [[nodiscard]] virtual std::vector<std::string>
    selection(const std::vector<const results::test_case*>& cases) const = 0;

    /// Says whether isolite's options have to stand behind a lone `--`.
    [[nodiscard]] virtual bool takes_options_behind_dashes() const { return false; }

  protected:
    ~adapter() = default;
};

} // namespace isolite::suites
