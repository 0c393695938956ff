// Cases with names that a filter has to be written carefully for; names_test.py judges.
#include "fails_here.hpp"

#include <isolite/suite.hpp>

int main(int argc, char** argv) {
    isolite::suite tests;
    int number = 0;
    for (const char* const name : {"simple", "simple and more", "it's one, two, $three and \\",
                                   "any *", "any ?", "[ab]", "a", "-workers", "\"quoted\""}) {
        tests.add(name, [&tests, mine = number++] {
            if (fails_here(mine)) {
                tests.fail("as it was asked to");
            }
        });
    }
    return tests.run(argc, argv);
}
