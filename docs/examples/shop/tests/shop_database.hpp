#pragma once

#include "shop/reference_data.hpp"

#include <isolite/seed.hpp>

/// The database of the shop's tests: schema and reference data, described once.
struct shop_database {
    static isolite::seed seed() {
        const std::string directory = shop::iso_codes_directory();
        return isolite::seed("shop")
            .sql_file(shop::schema_file())
            // Several programs test the shop, and share its image: another version when the
            // functions below write something else.
            .step("ISO codes", isolite::across_builds("1 " + shop::iso_codes_text(directory)),
                  [directory](SQLite::Database& db) {
                      shop::load_countries(db, directory);
                      shop::load_subdivisions(db, directory);
                      shop::load_currencies(db, directory);
                      shop::load_languages(db, directory);
                  })
            .sql_file(shop::reference_file());
    }
};
