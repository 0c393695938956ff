#pragma once

#include "files/claims.hpp"
#include "files/real_directory.hpp"
#include "store/store.hpp"

#include <isolite/error.hpp>
#include <isolite/seed.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace isolite::seeds {

/// Returns the one file that a seed claims for its database, as it was spelled, "" if there is
/// none: the first of its claims that is of one file.
[[nodiscard]] std::string file_of(const seed& seed);

/// The path by which code opens the database that a seed is making, for as long as this lives: that
/// of the seed's own file, else one in a directory of its own.
class served_path {
  public:
    /// Errors: errc::system when the directory cannot be made; errc::usage when a database of that
    ///   name is open.
    [[nodiscard]] static result<std::unique_ptr<served_path>>
    serve(const seed& seed, std::shared_ptr<store::store> database);
    ~served_path();
    served_path(const served_path&) = delete;
    served_path& operator=(const served_path&) = delete;

    /// Returns it as code under test gets it.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

  private:
    served_path() = default;

    std::string text_;
    std::string full_name_;
    std::optional<paths::real_directory> directory_; // that was made for it
    std::uint64_t claim_ = 0;
};

} // namespace isolite::seeds
