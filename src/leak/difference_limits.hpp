#pragma once

#include <cstddef>

/// How much of a difference is worth reading in the output of a test.
namespace isolite::difference_limits {

constexpr std::size_t tables = 20;       ///< Also objects of the schema, and sequences.
constexpr std::size_t rows = 5;          ///< Of one table.
constexpr std::size_t columns = 20;      ///< Of one row.
constexpr std::size_t characters = 40;   ///< Of one text.
constexpr std::size_t bytes = 16;        ///< Of one blob.
constexpr std::size_t shared_before = 8; ///< Shown before the place where two long values part.

} // namespace isolite::difference_limits
