#include "seed/fingerprint.hpp"

#include "seed/checksum.hpp"
#include "seed/image_file.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace isolite {

namespace {

/// Adds strings so that no two lists of strings look alike: each behind its length.
void add(checksum& sum, const std::string& text) {
    const std::string length = std::to_string(text.size()) + ":";
    sum.add(length.data(), length.size());
    sum.add(text.data(), text.size());
}

void add_sqlite(checksum& sum) {
    add(sum, sqlite3_sourceid());
    for (int i = 0; const char* const option = sqlite3_compileoption_get(i); ++i) {
        add(sum, option);
    }
}

} // namespace

std::string fingerprint_of(const loaded_seed& seed) {
    checksum sum;
    add(sum, image_format);
    add_sqlite(sum);
    add(sum, seed.seed->name());
    for (std::size_t i = 0; i < seed.texts.size(); ++i) {
        const seed::part& part = seed.seed->parts()[i];
        const bool is_step = part.what == seed::part::kind::step;
        add(sum, is_step ? part.label : seed.texts[i]);
        add(sum, part.version); // "" for a text, and never for a step
    }
    return sum.text();
}

std::string why_private(const seed& seed) {
    const auto& parts = seed.parts();
    const auto found = std::find_if(parts.begin(), parts.end(), [](const seed::part& part) {
        return part.what == seed::part::kind::step && part.version.empty();
    });
    return found == parts.end() ? "" : "its step '" + found->label + "' declares no version";
}

} // namespace isolite
