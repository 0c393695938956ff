#pragma once

#include "cli/json.hpp"

#include <isolite/error.hpp>

#include <string>
#include <vector>

namespace isolite::cli {

/// What is known of one thing: SQLite, the worker, the cache.
struct section {
    std::string name;
    json_members facts;
};

/// What is wrong, and what to do about it.
struct complaint {
    std::string wrong;
    std::string remedy;
};

/// What isolite finds where this process runs.
struct diagnosis {
    std::vector<section> sections;
    std::vector<complaint> complaints;

    /// Adds an error, but only once.
    void blame(const error& problem);

    /// Looks around. Makes the directories that a test binary would make.
    [[nodiscard]] static diagnosis of_process();
};

} // namespace isolite::cli
