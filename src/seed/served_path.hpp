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

    /// Lets it be opened by another name as well: where several may be meant, the first one is.
    /// Errors: errc::seed for a second one, errc::usage when a database of that name is open.
    [[nodiscard]] result<void> serve_also_as(const std::string& full_name);

  private:
    friend class hidden_paths;

    served_path() = default;
    void hide();

    std::string seed_;
    std::shared_ptr<store::store> database_;
    std::string text_;
    std::string other_name_; // that code knows by itself
    std::string full_name_;
    std::optional<paths::real_directory> directory_; // that was made for it
    std::uint64_t claim_ = 0;
};

/// As long as one lives, this thread makes an image for a step of another seed, whose paths are not
/// served meanwhile: its database is not made yet.
class hidden_paths {
  public:
    hidden_paths();
    ~hidden_paths();
    hidden_paths(const hidden_paths&) = delete;
    hidden_paths& operator=(const hidden_paths&) = delete;

  private:
    served_path* outer_;
};

/// Lets code in a path_step of this seed open the database by `full_name`, which a pattern of the
/// seed covers. Says whether such a step runs on this thread, and may mean it: not where the seed
/// has one file. Errors: those of `serve_also_as`.
[[nodiscard]] result<bool> serve_to_step(const seed& seed, const std::string& full_name);

} // namespace isolite::seeds
