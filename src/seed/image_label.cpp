#include "seed/image_label.hpp"

#include <charconv>
#include <map>
#include <sstream>

namespace isolite {

namespace {

/// A name is for people here: one line, not too long.
std::string one_line(std::string text) {
    constexpr std::size_t longest = 500;
    text.resize(std::min(text.size(), longest));
    for (char& c : text) {
        c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return text;
}

std::optional<std::uint64_t> parse_bytes(const std::string& text) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, failure] = std::from_chars(text.data(), end, number);
    return failure == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

} // namespace

std::string unsigned_text(const image_label& label) {
    return image_format + ("\nseed: " + one_line(label.seed)) +
           "\nfingerprint: " + label.fingerprint + "\nsqlite: " + label.sqlite +
           "\nbytes: " + std::to_string(label.bytes) + "\n";
}

std::string text_of(const image_label& label) {
    return unsigned_text(label) + "checksum: " + label.checksum + "\n";
}

std::optional<image_label> parse_label(const std::string& page) {
    std::istringstream lines(page.substr(0, page.find('\0')));
    std::string line;
    if (!std::getline(lines, line) || line != image_format) {
        return std::nullopt;
    }
    std::map<std::string, std::string> fields;
    while (std::getline(lines, line)) {
        const std::size_t colon = line.find(": ");
        if (colon == std::string::npos) {
            return std::nullopt;
        }
        fields.emplace(line.substr(0, colon), line.substr(colon + 2));
    }
    const auto bytes = parse_bytes(fields["bytes"]);
    if (!bytes) {
        return std::nullopt;
    }
    return image_label{fields["seed"], fields["fingerprint"], fields["sqlite"], *bytes,
                       fields["checksum"]};
}

} // namespace isolite
