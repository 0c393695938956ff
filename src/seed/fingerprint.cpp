#include "seed/fingerprint.hpp"

#include "seed/image_file.hpp"
#include "seed/loaded_builds.hpp"
#include "seed/seed_text.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace isolite {

fingerprint::fingerprint(const seed& seed) : builds_(loaded_builds()) {
    add(image_format);
    add(sqlite3_sourceid());
    for (int i = 0; const char* const option = sqlite3_compileoption_get(i); ++i) {
        add(option);
    }
    add(seed.name());
}

void fingerprint::add_step(const seed::part& step) {
    add("step");
    add(step.label);
    add(step.version);
    add(step.holds_across_builds ? "" : builds_);
}

void fingerprint::add_text(const std::string& checksum) {
    add("text");
    add(checksum);
}

/// Adds strings so that no two lists of strings look alike: each behind its length.
void fingerprint::add(const std::string& text) {
    const std::string length = std::to_string(text.size()) + ":";
    sum_.add(length.data(), length.size());
    sum_.add(text.data(), text.size());
}

result<std::string> fingerprint_of(const seed& seed, const image_cache* cache) {
    fingerprint whole(seed);
    for (const seed::part& part : seed.parts()) {
        if (part.what == seed::part::kind::step) {
            whole.add_step(part);
            continue;
        }
        const auto text = checksum_of_text(seed, part, cache);
        if (!text) {
            return tl::unexpected(text.error());
        }
        whole.add_text(*text);
    }
    return whole.text();
}

std::string why_private(const seed& seed) {
    const auto& parts = seed.parts();
    const auto found = std::find_if(parts.begin(), parts.end(), [](const seed::part& part) {
        return part.what == seed::part::kind::step && part.version.empty();
    });
    return found == parts.end() ? "" : "its step '" + found->label + "' declares no version";
}

} // namespace isolite
