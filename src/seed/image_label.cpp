#include "seed/image_label.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

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

/// Takes the line "NAME: VALUE" off the front of a text.
bool take_field(std::string_view& text, std::string_view name, std::string& value) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || text.substr(0, name.size()) != name ||
        text.substr(name.size(), 2) != ": ") {
        return false;
    }
    value = text.substr(name.size() + 2, end - name.size() - 2);
    text.remove_prefix(end + 1);
    return true;
}

bool parse(const std::string& text, std::uint64_t& number) {
    const char* const end = text.data() + text.size();
    const auto [rest, failure] = std::from_chars(text.data(), end, number);
    return failure == std::errc() && rest == end;
}

} // namespace

std::string unsigned_text(const image_label& label) {
    return image_format + ("\nseed: " + one_line(label.seed)) +
           "\nfingerprint: " + label.fingerprint + "\nsqlite: " + label.sqlite +
           "\nrun: " + label.run + "\nseeding_ns: " + std::to_string(label.seeding.count()) +
           "\nbytes: " + std::to_string(label.bytes) + "\n";
}

std::string text_of(const image_label& label) {
    return unsigned_text(label) + "checksum: " + label.checksum + "\n";
}

std::optional<image_label> parse_label(const std::string& page) {
    const std::string first_line = image_format + std::string("\n");
    if (page.compare(0, first_line.size(), first_line) != 0) {
        return std::nullopt;
    }
    auto rest = std::string_view(page).substr(first_line.size());
    image_label label;
    std::string seeding;
    std::string bytes;
    std::uint64_t nanoseconds = 0;
    if (!take_field(rest, "seed", label.seed) ||
        !take_field(rest, "fingerprint", label.fingerprint) ||
        !take_field(rest, "sqlite", label.sqlite) || !take_field(rest, "run", label.run) ||
        !take_field(rest, "seeding_ns", seeding) || !parse(seeding, nanoseconds) ||
        !take_field(rest, "bytes", bytes) || !take_field(rest, "checksum", label.checksum) ||
        !parse(bytes, label.bytes)) {
        return std::nullopt;
    }
    label.seeding = std::chrono::nanoseconds(nanoseconds);
    return label;
}

} // namespace isolite
