#pragma once

#include "adversary.hpp"

#include <string>
#include <vector>

/// Adversaries of one promise.
struct family {
    std::string title;
    std::string promise;
    std::vector<adversary> members;
};

[[nodiscard]] std::vector<family> all_families();

/// Writes what is promised and who tries to break it to stdout, in Markdown, for docs/isolation.md.
void print_promises(const std::vector<family>& families);
