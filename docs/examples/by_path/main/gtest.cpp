#include <isolite/gtest_main.hpp> // instead of gtest_main
