#pragma once

#include "shop/tests/shop_database.hpp"

#include <isolite/gtest.hpp>

/// The fixture of the shop's tests: each runs on the worker's database, in a sandbox of its own.
using shop_test = isolite::googletest::session<shop_database>;
