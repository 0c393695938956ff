#include "files/file_pattern.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <utility>

#include <fnmatch.h>

namespace isolite::paths {

namespace {

constexpr const char* wildcards = "*?[\\";

/// Returns a path from the root, for one that may begin in the working directory.
std::string absolute(const std::string& path) {
    std::error_code unknown;
    const auto directory = std::filesystem::current_path(unknown);
    const std::size_t start = path.compare(0, 2, "./") == 0 ? path.find_first_not_of('/', 1) : 0;
    const std::string inside = path.substr(std::min(start, path.size())); // without more slashes
    return unknown || (!path.empty() && path.front() == '/') ? path : (directory / inside).string();
}

/// Returns a pattern for this text alone.
std::string as_pattern(const std::string& text) {
    std::string escaped;
    for (const char each : text) {
        escaped += std::string(wildcards).find(each) == std::string::npos ? "" : "\\";
        escaped += each;
    }
    return escaped;
}

/// Returns a pattern for what is below a directory, which the text names with a slash behind it.
std::string below(std::string directory, const std::string& rest) {
    if (directory.empty() || directory.back() != '/') {
        directory += '/';
    }
    return as_pattern(directory) + rest;
}

/// Returns where a choice of characters ends that begins at `at`, or npos.
std::size_t end_of_choice(const std::string& text, std::size_t at) {
    ++at;
    at += at < text.size() && (text[at] == '!' || text[at] == '^') ? 1 : 0;
    for (bool is_first = true; at < text.size(); ++at, is_first = false) {
        if (text[at] == ']' && !is_first) {
            return at;
        }
        if (text.compare(at, 2, "[:") == 0 && text.find(":]", at) != std::string::npos) {
            at = text.find(":]", at) + 1;
        } else if (text[at] == '\\') {
            ++at;
        }
    }
    return std::string::npos;
}

struct fault {
    std::string what;
    std::string hint;
};

/// Returns what is wrong with the wildcards.
fault fault_of_wildcards(const std::string& text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\') {
            if (++at == text.size()) {
                return {"it ends in a backslash", "write \\\\ for that character"};
            }
        } else if (text[at] == '[') {
            at = end_of_choice(text, at);
            if (at == std::string::npos) {
                return {"its bracket is not closed", "close it, or write \\[ for that character"};
            }
        }
    }
    const std::size_t wild = text.find_first_of(wildcards);
    const std::string rest = wild == std::string::npos ? "" : text.substr(wild);
    for (const char* const part : {"//", "/./", "/../"}) {
        if (rest.find(part) != std::string::npos) {
            return {"it has '" + std::string(part) + "' behind a wildcard, as no full name has",
                    "write such parts in front of the first wildcard, or leave them out"};
        }
    }
    return {};
}

fault fault_of(const std::string& text) {
    const std::string last = text.substr(text.rfind('/') + 1);
    const char* const example =
        "write what the names of the files are like, e.g. *.db or data/*.db";
    if (std::all_of(text.begin(), text.end(),
                    [](unsigned char each) { return std::isspace(each) != 0; })) {
        return {"it is empty", example};
    }
    if (text == ":memory:") {
        return {"SQLite makes no file of that", "claim the path that the code opens"};
    }
    if (text.front() == '~' && text.find('/') != std::string::npos) {
        return {"only a shell makes a directory of ~",
                "write the whole path, or ./~ for a file of that name"};
    }
    if (last.empty() || last == "." || last == "..") {
        return {"it is a directory", example};
    }
    return fault_of_wildcards(text);
}

} // namespace

result<void> file_pattern::check(const std::string& text) {
    if (fault found = fault_of(text); !found.what.empty()) {
        return tl::unexpected(error{errc::usage, "claim files by '" + text + "': " + found.what,
                                    std::move(found.hint)});
    }
    return {};
}

bool file_pattern::has_wildcard(const std::string& text) {
    return text.find_first_of(wildcards) != std::string::npos;
}

file_pattern::file_pattern(const std::string& text)
    : pattern_(text), any_directory_(has_wildcard(text) && text.find('/') == std::string::npos) {
    std::error_code unknown;
    if (any_directory_) {
        return;
    }
    if (!has_wildcard(text)) {
        only_file_ = absolute(text);
        const std::filesystem::path file(only_file_);
        pattern_ = as_pattern(file.lexically_normal().string());
        const std::string canonical = std::filesystem::weakly_canonical(file, unknown).string();
        resolved_ = unknown ? "" : as_pattern(canonical);
    } else if (text.front() != '*') {
        const std::size_t end = text.rfind('/', text.find_first_of(wildcards));
        const std::string rest = text.substr(end == std::string::npos ? 0 : end + 1);
        const std::filesystem::path directory(absolute(text.substr(0, text.size() - rest.size())));
        pattern_ = below(directory.lexically_normal().string(), rest);
        const std::string canonical =
            std::filesystem::weakly_canonical(directory, unknown).string();
        resolved_ = unknown ? "" : below(canonical, rest);
    }
    if (resolved_ == pattern_) {
        resolved_.clear();
    }
}

bool file_pattern::matches(const std::string& full_name) const noexcept {
    const std::size_t name = any_directory_ ? full_name.rfind('/') + 1 : 0;
    return ::fnmatch(pattern_.c_str(), full_name.c_str() + name, 0) == 0 ||
           (!resolved_.empty() && ::fnmatch(resolved_.c_str(), full_name.c_str(), 0) == 0);
}

} // namespace isolite::paths
