#pragma once

#include <cstdint>

// Warehouses of the reference data, by their cities.

constexpr std::int64_t berlin = 1;
constexpr std::int64_t lyon = 2;
constexpr std::int64_t new_york = 3;
