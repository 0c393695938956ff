#pragma once

/// Included before all else in each source of the adapter for Boost.Test, by the compiler's option
/// `-include`. Boost.Test tells the types of its parameters by the addresses of template variables.
/// Hidden, ours would differ from those of its library, and reading a parameter would throw. gcc
/// makes such variables unique whatever their visibility, clang does not.

#pragma GCC visibility push(default)
#include <boost/test/unit_test_parameters.hpp>
#pragma GCC visibility pop
