#pragma once

#include "shop/tests/shop_database.hpp"

#include <isolite/doctest.hpp>

/// The fixture of the shop's tests: each runs on the worker's database, in a sandbox of its own.
using shop_test = isolite::doc_test::session<shop_database>;
