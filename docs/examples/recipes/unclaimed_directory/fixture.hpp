#include "orders.hpp"

#include <isolite/doctest_main.hpp>

#include <filesystem>

const std::string place = (std::filesystem::temp_directory_path() / "shop").string();

struct orders_test {
    orders app{place};
};
