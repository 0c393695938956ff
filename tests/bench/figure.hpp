#pragma once

#include <optional>
#include <string>
#include <vector>

namespace bench {

/// One measured ratio and what it may be at the most.
struct figure {
    std::string name;
    double value;
    std::optional<double> budget = {}; ///< None: for information only.
};

/// A benchmark: measures side by side what it compares.
using benchmark = std::vector<figure> (*)();

std::vector<figure> files();
std::vector<figure> headers();
std::vector<figure> image();
std::vector<figure> ledger();
std::vector<figure> rollback();
std::vector<figure> copy_on_write();
std::vector<figure> statements();
std::vector<figure> workers();

} // namespace bench
