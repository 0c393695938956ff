#include <isolite/session.hpp>

#include <cstdio>

int main() {
    const auto seed = isolite::seed("shop").sql("CREATE TABLE products (id INTEGER PRIMARY KEY);"
                                                "INSERT INTO products VALUES (7);");
    auto engine = isolite::engine::open(seed);
    if (!engine) {
        std::fprintf(stderr, "%s\n", engine.error().text().c_str());
        return 1;
    }
    for (const char* test : {"the first test", "the second test"}) {
        auto session = isolite::session::open(*engine, test);
        if (!session) {
            std::fprintf(stderr, "%s\n", session.error().text().c_str());
            return 1;
        }
        engine->execute("INSERT INTO products VALUES (?)", 8);
        const int rows = engine->value<int>("SELECT count(*) FROM products");
        if (const auto closed = session->close(); !closed || rows != 2) {
            std::fprintf(stderr, "%s failed\n", test);
            return 1;
        }
    }
    return 0;
}
