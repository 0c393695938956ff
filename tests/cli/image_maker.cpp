// usage: image_maker NAME [--hold]
// Opens an engine on a seed of that name, which leaves its image in the cache. With --hold it keeps
// the engine open until its standard input ends.

#include <isolite/engine.hpp>

#include <cstdio>
#include <string>

int main(int argc, char** argv) {
    const std::string name = argc > 1 ? argv[1] : "";
    const auto engine = isolite::engine::open(
        isolite::seed(name).sql("CREATE TABLE products (name); INSERT INTO products VALUES (1)"));
    if (!engine) {
        std::fprintf(stderr, "%s\n", engine.error().text().c_str());
        return 1;
    }
    std::puts("open");
    std::fflush(stdout);
    while (argc > 2 && std::getchar() != EOF) {
    }
    return 0;
}
