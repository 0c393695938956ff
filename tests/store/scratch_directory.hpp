#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace isolite::store::tests {

/// A new working directory for as long as it lives.
class scratch_directory {
  public:
    scratch_directory() : before_(std::filesystem::current_path()) {
        std::string path = std::filesystem::temp_directory_path() / "isolite-store-XXXXXX";
        if (!mkdtemp(path.data())) {
            throw std::runtime_error("cannot make a scratch directory");
        }
        std::filesystem::current_path(path);
    }
    ~scratch_directory() {
        const auto path = std::filesystem::current_path();
        std::filesystem::current_path(before_);
        std::filesystem::remove_all(path);
    }
    scratch_directory(const scratch_directory&) = delete;
    scratch_directory& operator=(const scratch_directory&) = delete;

  private:
    std::filesystem::path before_;
};

} // namespace isolite::store::tests
