#pragma once

#include "results/test_case.hpp"
#include "run/forked_worker.hpp"
#include "run/options.hpp"
#include "run/signal_watch.hpp"
#include "verify/experiment.hpp"
#include "verify/finding.hpp"
#include "verify/made_files.hpp"
#include "verify/process_state.hpp"
#include "verify/workplace.hpp"

#include <isolite/error.hpp>
#include <isolite/worker.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace isolite::verify {

/// Thrown in a process that was forked to be a worker of an experiment. It has nothing to do with
/// what its parent does with the result. It crosses no floor.
struct became_worker {};

/// Carries out experiments in forked workers: each begins with processes, a directory for temporary
/// files and a working directory in which no experiment has left anything.
class laboratory {
  public:
    /// Gets everything that experiments share, such as the images of databases.
    /// Errors: errc::usage when a connection would have to cross a fork; errc::system.
    [[nodiscard]] static result<laboratory> open(const std::vector<results::test_case>& cases,
                                                 run::options options);

    /// Carries out a plan. Cases that must not overlap do not, and serial ones run last where there
    /// are several workers. Throws `became_worker` in each worker.
    /// Errors: `failure` tells why nothing could be run; the experiment is empty then.
    [[nodiscard]] experiment run(const plan& plan);

    /// Runs a case alone, and says what it leaves in databases that it makes, or changes, in the
    /// working directory and among temporary files. Throws as `run` does.
    /// Shape: by the name of the file, as `what_was_left_in` says it.
    [[nodiscard]] std::map<std::string, std::string> databases_left_by(std::size_t position);

    /// Limits the time of each case, by what it has taken, where nothing else does: in another
    /// order it may wait for ever.
    void limit_times(const experiment& usual);

    /// Returns the cases, with the limits of time that experiments give them.
    [[nodiscard]] const std::vector<results::test_case>& cases() const { return cases_; }

    /// Returns it, in the process that it is, to which signals come again as before.
    [[nodiscard]] run::forked_worker take_worker();

    /// Returns the most workers that an experiment can have.
    [[nodiscard]] unsigned most_workers() const { return static_cast<unsigned>(places_.size()); }
    /// Returns the signal that has stopped the experiments, 0 if none has.
    [[nodiscard]] int interrupted_by() const { return interrupted_by_; }
    [[nodiscard]] const std::optional<error>& failure() const { return failure_; }

    /// Returns the directory with the files that cases have made in the working directory, and that
    /// are kept; "" if there are none.
    [[nodiscard]] const std::string& put_aside() const { return place_.aside(); }

    /// Puts back files that hardly a case has made, since others may work in that directory, too,
    /// and removes those that a case makes whenever it runs.
    void sort_files(verification& all);

    /// Removes what experiments needed on the disk, but for those files, and lets the process keep
    /// records again.
    void tidy_up();

  private:
    laboratory(const std::vector<results::test_case>& cases, run::options options,
               std::vector<worker> places, workplace place);

    using last_look = std::function<void(const std::string& temporary)>;
    [[nodiscard]] experiment run_and_look(const plan& plan, const last_look& look);
    [[nodiscard]] experiment run_workers(const plan& plan);
    void clear_away(const directory_state& before, const experiment& done);

    /// Keeps a signal that comes between two experiments for the next one.
    std::unique_ptr<run::signal_watch> signals_ = std::make_unique<run::signal_watch>();
    std::vector<results::test_case> cases_;
    run::options options_;
    std::vector<worker> places_;
    workplace place_;
    std::optional<std::string> records_before_; ///< where they were to be kept
    std::optional<run::forked_worker> worker_;
    std::optional<error> failure_;
    std::size_t experiments_ = 0;
    made_files made_;
    int interrupted_by_ = 0;
    bool limits_by_itself_ = true; ///< how long a case may take
};

} // namespace isolite::verify
