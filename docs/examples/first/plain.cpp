#include <isolite/seed.hpp>
#include <isolite/suite.hpp>

#include <stdexcept>

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql(
            "CREATE TABLE products (id INTEGER PRIMARY KEY, stock INTEGER NOT NULL);"
            "INSERT INTO products VALUES (7, 100);");
    }
};

int main(int argc, char** argv) {
    isolite::suite tests;
    tests.add<shop>("orders/an order reduces the stock", [](isolite::fixture& test) {
        test.execute("UPDATE products SET stock = stock - ? WHERE id = 7", 2);
        if (test.value<int>("SELECT stock FROM products WHERE id = 7") != 98) {
            throw std::runtime_error("the stock is not reduced");
        }
    });
    tests.add("orders/none is free", [&tests] {
        if (1 + 1 != 2) {
            tests.fail("it costs something else"); // and goes on
        }
    });
    return tests.run(argc, argv);
}
