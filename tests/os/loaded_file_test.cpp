#include "os/loaded_file.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <string>

using isolite::os::function_beside;
using isolite::os::loaded_file_at;

namespace {

int of_the_program = 0; // not const: it is to have an address

} // namespace

TEST_CASE("an address is that of the program, of a library or of nobody") {
    const std::string library = loaded_file_at(sqlite3_sourceid()); // the text, not the function
    CHECK(library.find("sqlite3") != std::string::npos);
    CHECK(loaded_file_at(&of_the_program).find("os_test") != std::string::npos);
    CHECK(loaded_file_at(nullptr).empty());
}

TEST_CASE("a function is found beside an address of its library, and beside no other one") {
    const char* const text = sqlite3_sourceid();
    void* const found = function_beside(text, "sqlite3_sourceid");
    REQUIRE(found != nullptr);
    CHECK(reinterpret_cast<decltype(&sqlite3_sourceid)>(found)() == text);
    CHECK(function_beside(text, "malloc") == nullptr); // of the C library, which it needs
    CHECK(function_beside(text, "no such function") == nullptr);
    CHECK(function_beside(nullptr, "malloc") == nullptr);
}
