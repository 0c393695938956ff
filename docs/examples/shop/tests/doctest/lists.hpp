#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

/// Short names for the lists that checks compare with.
using ids = std::vector<std::int64_t>;
using texts = std::vector<std::string>;

/// Returns the ids of rows, in their order.
template <typename Rows>
ids ids_of(const Rows& rows) {
    ids found;
    for (const auto& row : rows) {
        found.push_back(row.id);
    }
    return found;
}

namespace doctest {

/// Shows the list of a check that failed.
template <typename Value>
struct StringMaker<std::vector<Value>> {
    static String convert(const std::vector<Value>& list) {
        String shown = "{";
        for (const Value& value : list) {
            shown += (shown.size() > 1 ? ", " : "") + toString(value);
        }
        return shown + "}";
    }
};

} // namespace doctest
