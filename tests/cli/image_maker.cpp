// usage: image_maker NAME [--hold | --bytes COUNT]
// Opens an engine on a seed of that name, which leaves its image in the cache. With --hold it keeps
// the engine open until its standard input ends; with --bytes it stores a BLOB of that size.

#include <isolite/engine.hpp>

#include <cstdio>
#include <string>

int main(int argc, char** argv) {
    const std::string name = argc > 1 ? argv[1] : "";
    const std::string bytes = argc > 3 ? argv[3] : "0";
    const auto engine =
        isolite::engine::open(isolite::seed(name).sql("CREATE TABLE products (picture);"
                                                      "INSERT INTO products VALUES (zeroblob(" +
                                                      bytes + "))"));
    if (!engine) {
        std::fprintf(stderr, "%s\n", engine.error().text().c_str());
        return 1;
    }
    std::puts("open");
    std::fflush(stdout);
    while (argc == 3 && std::getchar() != EOF) {
    }
    return 0;
}
