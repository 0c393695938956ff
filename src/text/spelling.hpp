#pragma once

#include <cstddef>
#include <string>

namespace isolite::text {

/// Returns how many letters have to be inserted, deleted or replaced to make one of the other.
[[nodiscard]] std::size_t letters_between(const std::string& left, const std::string& right);

/// Returns as many, or fewer where one is the plural of the other: "retry" and "retries" are alike.
[[nodiscard]] std::size_t letters_between_words(const std::string& left, const std::string& right);

} // namespace isolite::text
