#include <isolite/catch2_main.hpp>
