#include "order_status.hpp"

#include "error.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace shop {
namespace {

constexpr std::array<const char*, 7> names = {"draft",     "placed",   "paid",     "shipped",
                                              "delivered", "returned", "cancelled"};

} // namespace

std::string to_string(order_status status) {
    return names.at(static_cast<std::size_t>(status));
}

order_status order_status_from(const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        throw error("there is no order status '" + name + "'");
    return static_cast<order_status>(found - names.begin());
}

bool may_follow(order_status from, order_status to) {
    switch (to) {
    case order_status::draft:
        return false;
    case order_status::placed:
        return from == order_status::draft;
    case order_status::paid:
        return from == order_status::placed;
    case order_status::shipped:
        return from == order_status::paid;
    case order_status::delivered:
        return from == order_status::shipped;
    case order_status::returned:
        return from == order_status::delivered;
    case order_status::cancelled:
        return from == order_status::draft || from == order_status::placed ||
               from == order_status::paid;
    }
    return false;
}

} // namespace shop
