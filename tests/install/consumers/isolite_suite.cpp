#include "shop.hpp"

#include <isolite/suite.hpp>

#include <stdexcept>

int main(int argc, char** argv) {
    isolite::suite tests;
    tests.add<shop>("stays", [](isolite::fixture& test) {
        if (test.value<int>("SELECT count(*) FROM products") != 1) {
            throw std::runtime_error("there is another number of products");
        }
    });
    tests.add<shop>("leaks", [](isolite::fixture& test) {
        test.execute("DELETE FROM products");
        test.execute("COMMIT");
    });
    return tests.run(argc, argv);
}
