#pragma once

#include "shop/error.hpp"
#include "shop/order_status.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

/// Does what the shop is to refuse. Returns the sentence in which it does; nothing if it agrees.
template <typename Deed>
std::string refusal(const Deed& deed) {
    try {
        deed();
    } catch (const shop::error& error) {
        return error.what();
    }
    return {};
}

/// What a test with parameters gives to the shop, and how the shop refuses it.
template <typename Given>
struct wrong {
    const char* name;
    Given given;
    const char* sentence;

    friend void PrintTo(const wrong& value, std::ostream* out) { *out << value.sentence; }
};

/// Names a test with parameters by the name of its parameter.
struct by_name {
    template <typename Parameter>
    std::string operator()(const testing::TestParamInfo<Parameter>& info) const {
        return info.param.name;
    }
};

namespace shop {

/// Lets GoogleTest print a state of an order.
inline void PrintTo(order_status status, std::ostream* out) {
    *out << to_string(status);
}

} // namespace shop
