#pragma once

#if defined(_MSVC_LANG) ? _MSVC_LANG < 201703L : __cplusplus < 201703L
#    error "isolite needs C++17 or later: compile with -std=c++17"
#endif

/// The version of isolite whose headers these are. Shape: 10203 is 1.2.3.
#define ISOLITE_VERSION_NUMBER 100

/// The same as text.
#define ISOLITE_VERSION "0.1.0"
