#define BOOST_TEST_MODULE images
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <boost/test/unit_test.hpp>
#include <isolite/boost_test.hpp>
#include <isolite/cache_settings.hpp>
#include <isolite/seed.hpp>

#include <SQLiteCpp/Transaction.h>

#include <fstream>
#include <iterator>
#include <sstream>

namespace {

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

// [version]
void make_products(SQLite::Database& db) {
    SQLite::Transaction transaction(db);
    SQLite::Statement insert(db, "INSERT INTO products (id, stock) VALUES (?, 100)");
    for (int id = 1; id <= 1000; ++id) {
        insert.bind(1, id);
        insert.exec();
        insert.reset();
    }
    transaction.commit();
}

void load_prices(SQLite::Database& db, const std::string& csv) {
    SQLite::Statement update(db, "UPDATE products SET cents = ? WHERE id = ?");
    std::istringstream lines(csv);
    int id = 0;
    int cents = 0;
    for (char comma = ','; lines >> id >> comma >> cents; update.reset()) {
        update.bind(1, cents);
        update.bind(2, id);
        update.exec();
    }
}

struct shop {
    static isolite::seed seed() {
        const std::string prices = text_of(EXAMPLE_DIRECTORY "/prices.csv");
        return isolite::seed("shop")
            .sql("CREATE TABLE products (id INTEGER PRIMARY KEY, stock INTEGER, cents INTEGER);")
            // "3" as soon as make_products writes something else.
            .step("products", isolite::across_builds("2"), make_products)
            // The text of the file is a part of the version; the code is looked at, too.
            .step("prices", "1 " + prices,
                  [prices](SQLite::Database& db) { load_prices(db, prices); });
    }
};
// [/version]
using shop_test = isolite::boost_test::session<shop>;

// [without]
struct visits {
    static isolite::seed seed() {
        return isolite::seed("visits")
            .sql("CREATE TABLE visits (at TEXT);")
            .step("last hour", [](SQLite::Database& db) { // not the same tomorrow: no version
                db.exec("INSERT INTO visits VALUES (datetime('now', '-1 hour'))");
            });
    }
};
// [/without]
using visits_test = isolite::boost_test::session<visits>;

// [cache]
struct cache_of_the_shop {
    cache_of_the_shop() {
        isolite::cache_settings settings;
        settings.project = "shop";
        settings.max_bytes = std::uint64_t(200) << 20;
        isolite::use_cache(settings);
    }
};
BOOST_TEST_GLOBAL_FIXTURE(cache_of_the_shop);
// [/cache]

BOOST_FIXTURE_TEST_CASE(an_apple_has_its_price, shop_test) {
    BOOST_TEST(value<int>("SELECT cents FROM products WHERE id = 7") == 250);
}

BOOST_FIXTURE_TEST_CASE(the_last_visit_was_lately, visits_test) {
    const char* const recent = "SELECT count(*) FROM visits WHERE at > datetime('now', '-2 hours')";
    BOOST_TEST(value<int>(recent) == 1);
}

} // namespace
