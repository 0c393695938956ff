#include <isolite/files.hpp>
#include <isolite/suite.hpp>

#include <stdexcept>

#include <dlfcn.h>

#ifdef LOADED_LATE
/// Loads the library as a plugin, in the middle of a test.
bool make_table(const char* path) {
    void* const library = ::dlopen(LOADED_LATE, RTLD_NOW | RTLD_LOCAL);
    return reinterpret_cast<bool (*)(const char*)>(::dlsym(library, "make_table"))(path);
}
#else
extern "C" bool make_table(const char* path);
#endif

/// A program whose code under test is a library, linked with a SQLite.
int main(int argc, char** argv) {
    const isolite::files claimed("claimed.db");
    isolite::suite tests;
    for (const char* const name : {"a file by path", "the same file by path"}) {
        tests.add(name, [] {
            if (!make_table("claimed.db")) {
                throw std::runtime_error("the table was there");
            }
        });
    }
    return tests.run(argc, argv);
}
