#include <isolite/files.hpp>
#include <isolite/suite.hpp>

#include <cstdlib>
#include <optional>

/// A program that describes no database and claims a file, unless that is left to whoever starts
/// it.
int main(int argc, char** argv) {
    std::optional<isolite::files> claimed;
    if (std::getenv("SUBJECT_CLAIMS_NOTHING") == nullptr) {
        claimed.emplace("claimed.db");
    }
    isolite::suite tests;
    tests.add("nothing", [] {});
    return tests.run(argc, argv);
}
