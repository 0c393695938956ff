#pragma once

#include <string>

namespace shop {

/// The states of an order, in the order of a good life.
enum class order_status { draft, placed, paid, shipped, delivered, returned, cancelled };

/// Names a state as the database does: "draft".
std::string to_string(order_status status);

/// Reads such a name. Errors: "there is no order status 'x'".
order_status order_status_from(const std::string& name);

/// Says whether an order may go from one state to another:
/// draft -> placed -> paid -> shipped -> delivered -> returned; and draft, placed, paid ->
/// cancelled.
bool may_follow(order_status from, order_status to);

} // namespace shop
