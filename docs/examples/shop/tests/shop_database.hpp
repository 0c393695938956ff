#pragma once

#include "shop/reference_data.hpp"

#include <isolite/seed.hpp>

/// The database of the shop's tests: schema and reference data, described once.
struct shop_database {
    static isolite::seed seed() {
        return isolite::seed("shop")
            .sql_file(shop::schema_file())
            .step("ISO codes",
                  [](SQLite::Database& db) {
                      const std::string directory = shop::iso_codes_directory();
                      shop::load_countries(db, directory);
                      shop::load_subdivisions(db, directory);
                      shop::load_currencies(db, directory);
                      shop::load_languages(db, directory);
                  })
            .sql_file(shop::reference_file());
    }
};
