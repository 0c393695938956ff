#pragma once

#include "shop/tests/order_steps.hpp"
#include "shop_test.hpp"

#include <memory>

/// The fixture of the tests around orders.
using order_test = order_steps<shop_test>;

/// What derives from it makes the orders that all tests of a suite start from.
using orders_of_suite = order_steps<isolite::googletest::suite<shop_database>>;

/// The fixture of such a suite: `Data` is made once.
template <typename Data>
class sharing : public order_test {
  public:
    static void SetUpTestSuite() { data = std::make_unique<Data>(); }
    static void TearDownTestSuite() { data.reset(); }

  private:
    static inline std::unique_ptr<Data> data;
};
