#pragma once

#include "shop/error.hpp"
#include "shop/order_status.hpp"
#include "shop/tests/ids.hpp"

#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>
#include <utility>

/// Accepts the error that says exactly this: the predicate of a BOOST_CHECK_EXCEPTION.
inline auto says(std::string sentence) {
    return [sentence = std::move(sentence)](const shop::error& error) {
        BOOST_TEST(error.what() == sentence);
        return error.what() == sentence;
    };
}

namespace shop {

/// Lets Boost.Test print a state of an order.
inline std::ostream& operator<<(std::ostream& out, order_status status) {
    return out << to_string(status);
}

} // namespace shop
