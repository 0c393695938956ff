#pragma once

#include "shop/error.hpp"
#include "shop/tests/shop_database.hpp"

#include <isolite/catch2.hpp>

#if __has_include(<catch2/catch_test_macros.hpp>) // version 3
#    include <catch2/catch_template_test_macros.hpp>
#    include <catch2/catch_test_macros.hpp>
#    include <catch2/generators/catch_generators.hpp>
#    include <catch2/matchers/catch_matchers.hpp>
#    include <catch2/matchers/catch_matchers_exception.hpp>
#else
#    include <catch2/catch.hpp>
#endif

#include <string>

/// The fixture of the shop's tests: each runs on the worker's database, in a sandbox of its own.
using shop_test = isolite::catch2::session<shop_database>;

/// Matches the error that says exactly this: for CHECK_THROWS_MATCHES.
inline auto says(const std::string& sentence) {
    return Catch::Matchers::Message(sentence);
}

/// What a generator gives to the shop, and how the shop refuses it.
template <typename Given>
struct wrong {
    Given given;
    const char* sentence;
};
