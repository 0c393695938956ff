#pragma once

#include <isolite/version.hpp>

/// Marks what the shared library exports; everything else is built with hidden visibility.
#if defined(__GNUC__) || defined(__clang__)
#    define ISOLITE_API __attribute__((visibility("default")))
#else
#    define ISOLITE_API
#endif
