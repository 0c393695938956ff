#pragma once

#include <cstdint>
#include <vector>

/// A short name for the lists that checks compare with.
using ids = std::vector<std::int64_t>;

/// Returns the ids of what a query of the shop listed, in its order.
template <typename Rows>
ids ids_of(const Rows& rows) {
    ids found;
    for (const auto& row : rows) {
        found.push_back(row.id);
    }
    return found;
}
