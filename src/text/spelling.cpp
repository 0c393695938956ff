#include "text/spelling.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace isolite::text {

std::size_t letters_between(const std::string& left, const std::string& right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t(0));
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
        }
    }
    return row.back();
}

std::size_t letters_between_words(const std::string& left, const std::string& right) {
    const auto singular = [](const std::string& word) {
        const std::string plural = "ies";
        const bool is_plural = word.size() > plural.size() &&
                               word.compare(word.size() - plural.size(), word.npos, plural) == 0;
        return is_plural ? word.substr(0, word.size() - plural.size()) + "y" : word;
    };
    return std::min(letters_between(left, right), letters_between(singular(left), singular(right)));
}

} // namespace isolite::text
