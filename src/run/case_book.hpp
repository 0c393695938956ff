#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"
#include "run/kill_reason.hpp"
#include "run/run_files.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace isolite::run {

/// How the process of a worker ended.
struct worker_end {
    /// `record` is what the worker has left.
    worker_end(std::size_t number, int status, std::optional<kill_reason> killed,
               const worker_record& record);

    /// Says it in words, and in which fixtures outside of cases it was.
    [[nodiscard]] std::string death() const;

    std::size_t number; ///< of the worker
    int status;         ///< as waitpid tells
    std::optional<kill_reason> killed;
    /// The fixtures that it died in, or was killed for.
    std::optional<fixture_phase> fixture;

  private:
    friend class case_book;

    [[nodiscard]] std::string cause() const;
    [[nodiscard]] bool was_late_in_fixture() const { return killed && killed->fixture; }
};

/// Enters into an outcome what became of each case: as its worker wrote, or as the end of the
/// worker shows.
class case_book {
  public:
    /// Lifetime: `cases` and `outcome` outlive it.
    case_book(const std::vector<results::test_case>& cases, std::shared_ptr<run_files> files,
              results::outcome& outcome);

    /// Begins a round of these cases. In a retry a case that failed before and passes has passed.
    void begin_round(const std::vector<std::size_t>& order, bool retry);

    /// Enters what a worker wrote in its journal.
    void read_journal(std::size_t number, const std::string& worker);

    /// Gives the case that a worker did not finish what its end means. Returns whether there is
    /// one, or whether the worker was killed for another one. Requires: its journal was read.
    [[nodiscard]] bool blame(const worker_end& end);

    /// Gives a case what the death of a worker means that was making the fixtures around it. Once
    /// may be chance, unless they took too long; if it happens again, they are given up. Returns
    /// false when it made none.
    [[nodiscard]] bool blame_fixture(const worker_end& end);

    /// Enters the death of a worker, called by its name, that no case is to blame for: in the
    /// fixtures of a suite or of the program, if it was at any.
    void enter_death_outside(const worker_end& end, const std::string& worker);

  private:
    void give_back(std::size_t position);
    void give_up(std::size_t position, const std::string& why);
    void finish_case(const results::event& entry, std::size_t number,
                     std::vector<results::event> events);
    void fail_case(std::size_t position, std::size_t number, results::case_result attempt);
    void count(std::size_t position, std::size_t number, const results::case_result& attempt);
    void add_attempt(std::size_t position, std::size_t number, results::case_result attempt);

    const std::vector<results::test_case>& cases_;
    std::shared_ptr<run_files> files_;
    results::outcome& outcome_;
    std::vector<std::size_t> order_;
    bool retrying_ = false;
    std::map<std::string, unsigned> strikes_; ///< by suite: deaths in its fixtures in this round
    std::vector<results::event> trailing_; ///< what a worker said in a case that it did not finish
};

} // namespace isolite::run
