#include "c_test.h"

#include <isolite/seed.hpp>
#include <isolite/suite.hpp>

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql("CREATE TABLE orders (product INTEGER NOT NULL);");
    }
};

int main(int argc, char** argv) {
    isolite::suite tests;
    for (const c_test* each = order_tests; each->name != nullptr; ++each) {
        tests.add<shop>(each->name, [&tests, run = each->run](isolite::fixture& test) {
            if (const char* why = run(test.handle())) {
                tests.fail(why);
            }
        });
    }
    return tests.run(argc, argv);
}
