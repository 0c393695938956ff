// What to write instead of what leaks: the examples of docs/troubleshooting.md.
#define BOOST_TEST_MODULE instead
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <boost/test/unit_test.hpp>
#include <isolite/boost_test.hpp>
#include <isolite/seed.hpp>

#include <SQLiteCpp/Savepoint.h>

namespace {

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, product INTEGER NOT NULL);"
            "INSERT INTO orders (product) VALUES (7), (8);");
    }
};
using shop_test = isolite::boost_test::session<shop>;

// [savepoint]
void place_order(SQLite::Database& db, int product) {
    SQLite::Savepoint whole(db, "place_order"); // works inside a transaction and outside of one
    SQLite::Statement insert(db, "INSERT INTO orders (product) VALUES (?)");
    insert.bind(1, product);
    insert.exec();
    whole.release();
}
// [/savepoint]

BOOST_FIXTURE_TEST_CASE(an_order_is_placed, shop_test) {
    place_order(db(), 9);
    BOOST_TEST(value<int>("SELECT count(*) FROM orders") == 3);
}

// [statement]
int first_product(SQLite::Statement& query) {
    query.executeStep();
    const int product = query.getColumn(0).getInt();
    query.reset(); // the next rows are not wanted
    return product;
}
// [/statement]

BOOST_FIXTURE_TEST_CASE(the_first_product_is_known, shop_test) {
    static SQLite::Statement query(db(), "SELECT product FROM orders ORDER BY id");
    BOOST_TEST(first_product(query) == 7);
}

// [setting]
class setting { // puts a PRAGMA back, however the test ends
  public:
    setting(SQLite::Database& db, std::string pragma, const std::string& now)
        : db_(db), pragma_("PRAGMA " + std::move(pragma)),
          before_(db.execAndGet(pragma_).getString()) {
        db.exec(pragma_ + " = " + now);
    }
    ~setting() { db_.tryExec(pragma_ + " = " + before_); }
    setting(const setting&) = delete;
    setting& operator=(const setting&) = delete;

  private:
    SQLite::Database& db_;
    std::string pragma_;
    std::string before_;
};

BOOST_FIXTURE_TEST_CASE(a_setting_is_put_back, shop_test) {
    const setting small(db(), "cache_size", "10");
    BOOST_TEST(value<int>("SELECT count(*) FROM orders") == 2);
}
// [/setting]

// [attached]
class attached { // detaches what it attached, and a database ':memory:' leaves no file
  public:
    explicit attached(SQLite::Database& db) : db_(db) { db.exec("ATTACH ':memory:' AS archive"); }
    ~attached() {
        db_.tryExec("ROLLBACK"); // nothing can be detached inside a transaction
        db_.tryExec("DETACH archive");
    }
    attached(const attached&) = delete;
    attached& operator=(const attached&) = delete;

  private:
    SQLite::Database& db_;
};
// [/attached]

BOOST_FIXTURE_TEST_CASE(an_archive_is_attached, shop_test) {
    const attached archive(db());
    db().exec("CREATE TABLE archive.orders AS SELECT * FROM main.orders");
    BOOST_TEST(value<int>("SELECT count(*) FROM archive.orders") == 2);
}

// [control]
using unprotected_test = isolite::boost_test::session<shop, isolite::mode::none>;
// [/control]

BOOST_FIXTURE_TEST_CASE(a_control_runs_unprotected, unprotected_test) {
    BOOST_TEST(value<int>("SELECT count(*) FROM orders") == 2);
}

} // namespace
