#pragma once

#include "os/started_programs.hpp"
#include "programs/test_program.hpp"
#include "run/signal_watch.hpp"
#include "verify/experiment.hpp"

#include <isolite/error.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace isolite::programs {

/// How long a case of each position may take, and what is no case; 0: any time.
struct time_limits {
    std::vector<std::chrono::milliseconds> cases;
    std::chrono::milliseconds outside{0};
};

/// Runs cases of a program in processes, all at the same time. Where one ends in the middle of its
/// cases, another one runs the rest.
class processes {
  public:
    /// `place`: a directory for what they write. Lifetime: all of these outlive it.
    processes(const test_program& program, const std::vector<listed_case>& cases,
              const time_limits& limits, std::string place);

    /// Gives processes that run cases from now on other variables of the environment.
    void set_variables(std::map<std::string, std::string> variables) {
        variables_ = std::move(variables);
    }

    /// Runs cases, by their positions, each part in a process. Returns what became of them, of the
    /// parts one after the other.
    /// Errors: errc::system.
    [[nodiscard]] result<verify::experiment> run(const std::vector<std::vector<std::size_t>>& parts,
                                                 std::optional<unsigned> seed);

    /// Returns the signal that has stopped it, 0 if none has.
    [[nodiscard]] int interrupted_by() const { return interrupted_by_; }

    /// Says how the process ended that was the last to do so.
    [[nodiscard]] const std::string& last_end() const { return last_end_; }

    /// Returns the cases that have run without being listed, as the framework calls them.
    [[nodiscard]] const std::set<std::string>& unlisted() const { return unlisted_; }

  private:
    using clock = std::chrono::steady_clock;

    /// A process, and what it has to do.
    struct part {
        std::vector<std::size_t> left;
        std::vector<std::size_t> sequence;
        std::vector<std::size_t> begins; ///< where in it a process begins
        output_files files;
        pid_t process = 0; ///< 0 if it needs none
        std::string current;
        clock::time_point begun; ///< the process
        clock::time_point since; ///< `current`
        std::optional<std::chrono::milliseconds> too_late;
    };

    [[nodiscard]] result<test_program> selecting(const part& one,
                                                 std::optional<unsigned> seed) const;
    [[nodiscard]] result<os::program_to_start> prepare(part& one,
                                                       std::optional<unsigned> seed) const;
    [[nodiscard]] result<void> start(part& one, std::optional<unsigned> seed) const;
    [[nodiscard]] result<void> start_all(std::vector<part>& all,
                                         std::optional<unsigned> seed) const;
    void look_at_time(part& one) const;
    [[nodiscard]] std::chrono::milliseconds between_looks() const;
    [[nodiscard]] bool finish(part& one, std::optional<unsigned> seed);
    [[nodiscard]] std::string death_in(const part& one, std::optional<unsigned> seed, int status);
    [[nodiscard]] std::optional<int> status_without_report(const part& one,
                                                           std::optional<unsigned> seed);
    void note(const told_case& told, std::size_t position, part& one);
    [[nodiscard]] std::optional<std::size_t> position_of(const std::string& selector) const;
    void watch_over(std::vector<part>& parts, std::optional<unsigned> seed, result<void>& failed);
    void note_request(std::optional<int> signal);

    const test_program& program_;
    const std::vector<listed_case>& cases_;
    const time_limits& limits_;
    std::string place_;
    std::map<std::string, std::string> variables_;
    std::map<std::string, std::size_t> positions_;
    std::map<std::size_t, verify::observation> became_;
    std::set<std::string> unlisted_; ///< If there are any, only those run that are listed.
    /// Keeps a signal that comes between two experiments for the next one.
    run::signal_watch watch_;
    int interrupted_by_ = 0;
    std::string last_end_;
};

} // namespace isolite::programs
