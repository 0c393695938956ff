#pragma once

#include <filesystem>
#include <string>

#include <unistd.h>

namespace bench {

/// A directory in TMPDIR or /tmp that is gone in the end.
class scratch_directory {
  public:
    explicit scratch_directory(const std::string& name)
        : path_(std::filesystem::temp_directory_path() /
                ("isolite-bench-" + std::to_string(::getpid()) + "-" + name)) {
        std::filesystem::create_directory(path_);
    }
    ~scratch_directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    scratch_directory(const scratch_directory&) = delete;
    scratch_directory& operator=(const scratch_directory&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

} // namespace bench
