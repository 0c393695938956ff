#include <isolite/files.hpp>
#include <isolite/suite.hpp>

/// A program that describes no database and claims a file.
int main(int argc, char** argv) {
    const isolite::files claimed("claimed.db");
    isolite::suite tests;
    tests.add("nothing", [] {});
    return tests.run(argc, argv);
}
