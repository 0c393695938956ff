#pragma once

#include "shop/tests/order_steps.hpp"
#include "shop_test.hpp"

/// The fixture of the tests around orders.
using order_test = order_steps<shop_test>;
