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
    std::size_t number = 0; ///< of the worker
    int status = 0;         ///< as waitpid tells
    std::optional<kill_reason> killed;

    /// Says it in words.
    [[nodiscard]] std::string death() const;
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
    void read_journal(std::size_t number);

    /// Gives the case that a worker did not finish what its end means. Returns whether there is
    /// one, or whether the worker was killed for another one. Requires: its journal was read.
    [[nodiscard]] bool blame(const worker_end& end);

    /// Gives a case what the death of a worker means that was making the fixtures around it. Once
    /// may be chance, unless they took too long; if it happens again, they are given up. Returns
    /// false when it made none.
    [[nodiscard]] bool blame_fixture(const worker_end& end);

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
