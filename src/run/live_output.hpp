#pragma once

#include "run/run_files.hpp"

#include <isolite/worker.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace isolite::run {

/// What cases write, line by line, while they run: nothing unless that is to be shown.
class live_output {
  public:
    /// Lifetime: `files` outlives it.
    live_output(run_files& files, const std::vector<worker>& places);

    /// Returns what was written since it was asked last. Shape: whole lines, the name of the worker
    /// in front of each.
    [[nodiscard]] std::vector<std::string> news();

    /// Returns what is left: lines without an end.
    [[nodiscard]] std::vector<std::string> rest();

  private:
    /// What one worker writes to one of its files.
    struct stream {
        std::string name;
        std::size_t worker;
        bool is_spare;
        std::uint64_t shown = 0; ///< bytes
        std::string line = {};   ///< its beginning
    };

    run_files& files_;
    std::vector<stream> streams_;
};

} // namespace isolite::run
