#include "programs/option_words.hpp"

#include <cstddef>

namespace isolite::programs {

std::vector<bool> options_among(const std::vector<std::string>& words,
                                const named_options& options) {
    std::vector<bool> found(words.size());
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        const std::string name = words[i].substr(0, words[i].find('='));
        const bool has_value = options.with_value.count(name) > 0;
        found[i] = has_value || options.alone.count(name) > 0;
        if (has_value && name == words[i] && i + 1 < words.size()) {
            found[++i] = true;
        }
    }
    return found;
}

} // namespace isolite::programs
