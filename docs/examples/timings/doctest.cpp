// Has the main of doctest and of isolite.
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <isolite/doctest_main.hpp>
#include <isolite/seed.hpp>
#include <isolite/timed_fixture.hpp>

#include <map>
#include <string>
#include <vector>

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql(
            "CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
            "INSERT INTO products(name) VALUES ('apple'), ('pear'), ('plum');");
    }
};

// [own_fixture]
/// The products by their first letter: made once, by the first test that needs it.
class search_index {
  public:
    explicit search_index(SQLite::Database& db) {
        const isolite::timed_fixture timed("search index");
        SQLite::Statement names(db, "SELECT name FROM products ORDER BY name");
        while (names.executeStep()) {
            const std::string name = names.getColumn(0).getString();
            names_[name.front()].push_back(name);
        }
    }
    // [/own_fixture]

    [[nodiscard]] const std::vector<std::string>& starting_with(char letter) {
        return names_[letter];
    }

  private:
    std::map<char, std::vector<std::string>> names_;
};

using shop_test = isolite::doc_test::session<shop>;

TEST_CASE_FIXTURE(shop_test, "two products begin with a p") {
    CHECK(kept<search_index>().starting_with('p') == std::vector<std::string>{"pear", "plum"});
}

TEST_CASE_FIXTURE(shop_test, "nothing begins with a q") {
    CHECK(kept<search_index>().starting_with('q').empty());
}
