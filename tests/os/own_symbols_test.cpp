#include "os/own_symbols.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using isolite::os::own_symbol;

namespace own_symbols_test {
namespace {

int local_object = 0; // not const: it is to have an address

[[gnu::noinline]] int* local_function() {
    return &local_object;
}

} // namespace
} // namespace own_symbols_test

TEST_CASE("what is local to a source file of the program is found by its name") {
    using namespace own_symbols_test;
    CHECK(own_symbol("_ZN16own_symbols_test12_GLOBAL__N_112local_objectE") == local_function());
    CHECK(own_symbol("_ZN16own_symbols_test12_GLOBAL__N_114local_functionEv") ==
          reinterpret_cast<void*>(local_function));
}

TEST_CASE("a name that no table has is not found, nor a part of one, nor what is only used") {
    CHECK(own_symbol("_ZN16own_symbols_test12_GLOBAL__N_112local_obj") == nullptr);
    CHECK(own_symbol("no such name") == nullptr);
    CHECK(own_symbol("") == nullptr);
}
