#include "../store/scratch_directory.hpp"
#include "demand.hpp"
#include "files/file_pattern.hpp"
#include "files/uri_as_name.hpp"
#include "store/vfs.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// Any text as a pattern of paths, against a slow and obvious matcher, and as a URI.

using namespace isolite;
using fuzzing::demand;

namespace {

constexpr std::string_view wildcards = "*?[\\";

/// Takes a choice of characters off a pattern, and says whether this one is in it.
bool is_chosen(std::string_view& pattern, char c) {
    pattern.remove_prefix(1);
    const bool is_other = pattern.front() == '!' || pattern.front() == '^';
    pattern.remove_prefix(is_other ? 1 : 0);
    bool found = false;
    for (bool is_first = true; is_first || pattern.front() != ']'; is_first = false) {
        const auto take = [&pattern] {
            pattern.remove_prefix(pattern.front() == '\\' ? 1 : 0);
            const auto taken = static_cast<unsigned char>(pattern.front());
            pattern.remove_prefix(1);
            return taken;
        };
        const unsigned char first = take();
        unsigned char last = first;
        if (pattern.front() == '-' && pattern[1] != ']') {
            pattern.remove_prefix(1);
            last = take();
        }
        const auto byte = static_cast<unsigned char>(c);
        found = found || (first <= byte && byte <= last);
    }
    pattern.remove_prefix(1);
    return found != is_other;
}

bool matches(std::string_view pattern, std::string_view name) {
    if (pattern.empty()) {
        return name.empty();
    }
    if (pattern.front() == '*') {
        pattern.remove_prefix(1);
        return matches(pattern, name) ||
               (!name.empty() && matches("*" + std::string(pattern), name.substr(1)));
    }
    if (name.empty()) {
        return false;
    }
    const char first = name.front();
    name.remove_prefix(1);
    if (pattern.front() == '[') {
        return is_chosen(pattern, first) && matches(pattern, name);
    }
    if (pattern.front() == '?') {
        return matches(pattern.substr(1), name);
    }
    pattern.remove_prefix(pattern.front() == '\\' ? 1 : 0);
    return pattern.front() == first && matches(pattern.substr(1), name);
}

/// Returns a path from the root without parts that lead nowhere.
std::string normal(const std::string& path) {
    std::vector<std::string> parts;
    const std::string whole =
        path.front() == '/' ? path : std::filesystem::current_path().string() + "/" + path;
    for (std::size_t at = 1; at <= whole.size();) {
        const std::size_t end = std::min(whole.find('/', at), whole.size());
        const std::string part = whole.substr(at, end - at);
        if (part == ".." && !parts.empty()) {
            parts.pop_back();
        } else if (!part.empty() && part != "." && part != "..") {
            parts.push_back(part);
        }
        at = end + 1;
    }
    std::string result;
    for (const std::string& part : parts) {
        result += "/" + part;
    }
    return result;
}

bool matches_obviously(const std::string& text, const std::string& name) {
    const std::size_t wild = std::min(text.find_first_of(wildcards), text.size());
    if (wild == text.size()) {
        return normal(text) == name;
    }
    if (text.find('/') == std::string::npos) {
        return matches(text, name.substr(name.rfind('/') + 1));
    }
    if (wild == 0 && text.front() == '*') {
        return matches(text, name);
    }
    const std::size_t slash = text.rfind('/', wild);
    const std::string rest = slash == std::string::npos ? text : text.substr(slash + 1);
    const std::string directory = slash == std::string::npos ? "." : text.substr(0, slash + 1);
    const std::string front = normal(directory) + "/";
    return name.compare(0, front.size(), front) == 0 && matches(rest, name.substr(front.size()));
}

/// What the obvious matcher does not know: classes of characters, and ranges that begin behind
/// their end. Of a link the pattern means more.
bool is_odd(const std::string& text) {
    for (const char* part : {"[:", "[.", "[=", "/proc", "/dev", "/bin", "/lib", "/sbin", "/var"}) {
        if (text.find(part) != std::string::npos) {
            return true;
        }
    }
    return std::count(text.begin(), text.end(), '*') > 6;
}

void check_pattern(const std::string& text, const std::string& name) {
    if (const auto checked = paths::file_pattern::check(text); !checked) {
        const error& wrong = checked.error();
        demand(wrong.code == errc::usage && !wrong.hint.empty(), "a hint says what to write", text);
        return;
    }
    const paths::file_pattern pattern(text);
    const bool is_wild = text.find_first_of(wildcards) != std::string::npos;
    demand(paths::file_pattern::has_wildcard(text) == is_wild, "wildcards are seen", text);
    demand(pattern.only_file().empty() == is_wild, "one file is named without wildcards", text);
    if (!is_odd(text)) {
        demand(pattern.matches(name) == matches_obviously(text, name), "what matches is obvious",
               text + "\n" + name);
        demand(is_wild || pattern.matches(normal(text)), "the one file matches", text);
    }
}

/// Returns what SQLite makes of the path of a URI.
std::string unescaped(const std::string& path) {
    std::string plain;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const auto is_digit = [&](std::size_t at) {
            return at < path.size() && std::isxdigit(static_cast<unsigned char>(path[at])) != 0;
        };
        if (path[i] == '%' && is_digit(i + 1) && is_digit(i + 2)) {
            plain += static_cast<char>(std::stoi(path.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            plain += path[i];
        }
    }
    return plain;
}

void check_uri(const std::string& name) {
    demand(paths::take_as_uri(store::uri_of(name)) == store::marked_name(name),
           "a URI of isolite's means the name that it was made of", name);
    if (name.find_first_of("?#") == std::string::npos && name.compare(0, 2, "//") != 0) {
        demand(paths::take_as_uri("file:" + name + "?vfs=isolite") ==
                   store::marked_name(unescaped(name)),
               "a URI means what it means to SQLite", name);
    }
    demand(!paths::take_as_uri(name) || name.compare(0, 5, "file:") == 0, "other names are none",
           name);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const store::tests::scratch_directory scratch;
    const std::string input(reinterpret_cast<const char*>(data), size);
    const std::size_t end = std::min(input.find('\n'), input.size());
    const std::string text = input.substr(0, std::min(end, input.find('\0')));
    const std::string name = input.substr(std::min(end + 1, size));
    check_pattern(text, "/" + name.substr(0, name.find('\0')));
    check_uri(text);
    return 0;
}
