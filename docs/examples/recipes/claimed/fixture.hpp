#include "orders.hpp"

#include <isolite/doctest_main.hpp>
#include <isolite/seed.hpp>

#include <filesystem>

// [fixture]
const std::string place = (std::filesystem::temp_directory_path() / "orders.db").string();

struct orders_database {
    static isolite::seed seed() {
        return isolite::seed("orders")
            .path_step("start", "1", [](const std::string& path) { orders once(path); })
            .file(place);
    }
};

struct orders_test : isolite::doc_test::session<orders_database> {
    orders app{place};
};
// [/fixture]
