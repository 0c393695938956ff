#include "stock.hpp"

#include <isolite/session.hpp>

#include <SQLiteCpp/Database.h>

#include <cstdio>
#include <string_view>

// A program without any test framework that loses sessions instead of closing them.
// Usage: unheard_leak [leak]

int main(int argc, char** argv) {
    const bool leaks = argc > 1 && std::string_view(argv[1]) == "leak";
    auto engine = isolite::engine::open(stock::seed());
    if (!engine) {
        std::fprintf(stderr, "%s\n", engine.error().text().c_str());
        return 2;
    }
    {
        auto session = isolite::session::open(*engine, "a lost session");
        engine->execute("DELETE FROM products");
        if (leaks) {
            engine->db().exec("COMMIT");
        }
    }
    std::puts("the program went on");
    return 0;
}
