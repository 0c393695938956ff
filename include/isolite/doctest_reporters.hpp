// Without `#pragma once`: it says something only behind doctest's implementation, in the one source
// file that has it, and may have been included there before.

#if defined(DOCTEST_LIBRARY_IMPLEMENTATION) && !defined(ISOLITE_DOCTEST_REPORTERS)
#    define ISOLITE_DOCTEST_REPORTERS

#    include <isolite/doctest.hpp>

namespace isolite::doc_test {

static const bool reporters_are_known =
    know_reporters([]() -> reporters& { return doctest::detail::g_cs->reporters_currently_used; });

} // namespace isolite::doc_test

#endif
