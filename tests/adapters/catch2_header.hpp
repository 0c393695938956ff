#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#    include <catch2/catch_all.hpp>
#    include <catch2/internal/catch_istream.hpp>
#    include <catch2/internal/catch_reporter_registry.hpp>
#    define CATCH2_VERSION 3
using Catch::Matchers::ContainsSubstring;
#else
#    define CATCH_CONFIG_EXTERNAL_INTERFACES
#    include <catch2/catch.hpp>
#    define CATCH2_VERSION 2
inline auto ContainsSubstring(const std::string& text) {
    return Catch::Matchers::Contains(text);
}
#endif
