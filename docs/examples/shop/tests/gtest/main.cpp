#include <isolite/gtest_main.hpp>
