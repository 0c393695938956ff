#include "files/file_pattern.hpp"

#include <filesystem>
#include <utility>

#include <fnmatch.h>

namespace isolite::paths {

namespace {

std::string from_working_directory(std::string pattern) {
    std::error_code unknown;
    const auto directory = std::filesystem::current_path(unknown);
    if (pattern.compare(0, 2, "./") == 0) {
        pattern.erase(0, 2);
    }
    return unknown ? pattern : (directory / pattern).string();
}

} // namespace

file_pattern::file_pattern(std::string text)
    : text_(std::move(text)), any_directory_(text_.find('/') == std::string::npos) {
    if (!any_directory_ && text_.front() != '/' && text_.front() != '*') {
        text_ = from_working_directory(std::move(text_));
    }
    std::error_code unknown;
    resolved_ = std::filesystem::weakly_canonical(only_file(), unknown).string();
}

bool file_pattern::matches(const std::string& full_name) const noexcept {
    const std::size_t name = any_directory_ ? full_name.rfind('/') + 1 : 0;
    return ::fnmatch(text_.c_str(), full_name.c_str() + name, 0) == 0 || full_name == resolved_;
}

std::string file_pattern::only_file() const {
    return any_directory_ || has_wildcard(text_) ? "" : text_;
}

} // namespace isolite::paths
