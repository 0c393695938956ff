#pragma once

#include "results/event.hpp"

#include <cstddef>
#include <vector>

/// How what a worker recorded of doctest is said again in the parent.
namespace isolite::doc_test {

/// Says one pass through a case, from `next` on, and throws what the case threw. Moves `next` to
/// the beginning of the next pass.
void say_pass(const std::vector<results::event>& events, std::size_t& next);

} // namespace isolite::doc_test
