#pragma once

#include "broken_seeds.hpp"
#include "stock.hpp"

#include <SQLiteCpp/Database.h>
#include <isolite/fixture.hpp>

#include <stdexcept>

// Fixtures of suites that fail, each in its own way. `Suite` is that of an adapter.

template <template <typename> typename Suite>
struct throwing_data : Suite<stock> {
    throwing_data() {
        this->execute("DELETE FROM products");
        throw std::runtime_error("no orders today");
    }
};

template <template <typename> typename Suite>
struct throwing_and_leaking_data : Suite<stock> {
    throwing_and_leaking_data() {
        this->db().exec("PRAGMA cache_size = 77");
        throw std::runtime_error("no orders today");
    }
};

template <template <typename> typename Suite>
struct data_that_throws_no_exception : Suite<stock> {
    data_that_throws_no_exception() { throw 1; }
};

template <template <typename> typename Suite>
struct data_of_a_broken_seed : Suite<wrong_sql> {};

template <template <typename> typename Suite>
struct leaking_data : Suite<stock> {
    leaking_data() { this->db().exec("PRAGMA cache_size = 77"); }
};

template <template <typename> typename Suite>
struct data_in_a_transaction : Suite<stock> {
    data_in_a_transaction() { this->db().exec("BEGIN"); }
};

/// A fixture that has nothing to do with isolite.
struct throwing_fixture {
    throwing_fixture() { throw std::runtime_error("no orders today"); }
};
