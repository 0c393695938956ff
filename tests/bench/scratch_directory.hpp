#pragma once

#include <filesystem>
#include <string>

#include <unistd.h>

namespace bench {

/// A directory that is gone in the end, in another one, or in TMPDIR or /tmp.
class scratch_directory {
  public:
    explicit scratch_directory(const std::string& name, const std::filesystem::path& in = {})
        : path_((in.empty() ? std::filesystem::temp_directory_path() : in) /
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
