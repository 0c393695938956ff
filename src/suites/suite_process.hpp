#pragma once

#include "run/options.hpp"
#include "suites/shard_cut.hpp"

#include <isolite/error.hpp>
#include <isolite/worker.hpp>

#include <string_view>
#include <utility>

namespace isolite::suites {

/// What every adapter does when the process of a suite starts and ends: find out which worker it
/// is and which shard it runs, and end its records.
class ISOLITE_API suite_process {
  public:
    /// Reads the environment once: that of `worker::current`, of the cache of images, of the
    /// records, and the options of the run, which those of the command line precede.
    /// Errors: errc::environment, errc::usage, errc::system.
    [[nodiscard]] static result<suite_process> start();

    /// Returns the part of the suite that this process runs.
    [[nodiscard]] const isolite::shard& shard() const noexcept { return worker_->shard; }

    /// Writes to stderr that only some of the cases belong to this shard, by which option or
    /// variables, and how the suite was cut. This is no matter of the summary: what is left out
    /// must never pass for what passed.
    void tell_shard(const shard_cut& cut) const;

    /// Keeps records of the cut, for who merges the shards. They go to the file of this process,
    /// which must know whether it is a parent.
    void record_shard(const shard_cut& cut) const;

    /// Returns how the suite is to be run.
    [[nodiscard]] const run::options& options() const noexcept { return options_; }

    /// Says that the process comes to its proper end, and how many cases its workers had.
    void finish(std::size_t cases_of_workers) const;

    /// Gives up the sessions that `test` left open on any of the worker's engines when it was cut
    /// off in the middle. Errors: errc::database.
    [[nodiscard]] static result<void> abandon_sessions(std::string_view test);

  private:
    suite_process(const worker& worker, run::options options)
        : worker_(&worker), options_(std::move(options)) {}

    const worker* worker_;
    run::options options_;
};

} // namespace isolite::suites
