#pragma once

#include "shop/error.hpp"
#include "shop/order_status.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

/// Accepts the error that says exactly this: the predicate of a BOOST_CHECK_EXCEPTION.
inline auto says(std::string sentence) {
    return [sentence = std::move(sentence)](const shop::error& error) {
        BOOST_TEST(error.what() == sentence);
        return error.what() == sentence;
    };
}

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

namespace shop {

/// Lets Boost.Test print a state of an order.
inline std::ostream& operator<<(std::ostream& out, order_status status) {
    return out << to_string(status);
}

} // namespace shop
