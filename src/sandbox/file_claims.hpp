#pragma once

#include <isolite/error.hpp>
#include <isolite/seed.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace isolite::sandbox {

/// The claims of the files that a seed claims, and those attached to it, for as long as this lives.
class file_claims {
  public:
    file_claims() = default;

    /// `open` opens the engine that has a file of the seed as its database. Null where it is open.
    explicit file_claims(const seed& seed, const std::function<result<void>()>& open = nullptr);
    ~file_claims();
    file_claims(file_claims&& other) noexcept { std::swap(numbers_, other.numbers_); }
    file_claims& operator=(file_claims&& other) noexcept {
        std::swap(numbers_, other.numbers_);
        return *this;
    }

  private:
    void add(const seed& seed, const std::function<result<void>()>& open, unsigned statement);

    std::vector<std::uint64_t> numbers_;
};

/// Says whether a seed claims files, or one attached to it does.
[[nodiscard]] bool claims_files(const seed& seed);

/// Returns the full name of the file that is the database of a seed's engine, "" if none is: the
/// first of its claims that is of one file.
[[nodiscard]] std::string file_of(const seed& seed);

} // namespace isolite::sandbox
