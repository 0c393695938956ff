#include <isolite/doctest_main.hpp>
