#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <isolite/command_line.hpp>
#include <isolite/doctest.hpp>
#include <isolite/seed.hpp>

#include <cstdio>

// [main]
int main(int argc, char** argv) {
    if (const auto taken = isolite::take_options(argc, argv); !taken) {
        std::fprintf(stderr, "%s\n", taken.error().text().c_str());
        return 2;
    }
    doctest::Context context;
    context.setOption("order-by", "name");
    context.applyCommandLine(argc, argv); // what isolite has left
    return context.run();
}
// [/main]

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql("CREATE TABLE orders (product INTEGER NOT NULL);");
    }
};

TEST_CASE_FIXTURE(isolite::doc_test::session<shop>, "there are no orders yet") {
    CHECK(value<int>("SELECT count(*) FROM orders") == 0);
}
