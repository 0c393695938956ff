#pragma once

#include "stock.hpp"

#include <isolite/fixture.hpp>

#include <stdexcept>

// What the subjects about evidence do before they fail, or pass.

/// Changes the products: bread in, tea out.
inline void replace_tea(isolite::fixture& test) {
    test.execute("DELETE FROM products WHERE name = 'tea'");
    test.execute("INSERT INTO products(name) VALUES ('bread')");
}

/// A fixture of the user's whose set-up fails half-way. `Test` is that of an adapter.
template <typename Test>
struct failing_set_up : Test {
    failing_set_up() {
        replace_tea(*this);
        throw std::runtime_error("set-up failed half-way");
    }
};
