// Without `#pragma once`: it says something only behind Catch2's implementation, in the one source
// file that has it, and may have been included there before.

#if defined(TWOBLUECUBES_SINGLE_INCLUDE_CATCH_HPP_INCLUDED) &&                                     \
    (defined(CATCH_CONFIG_MAIN) || defined(CATCH_CONFIG_RUNNER))
#    define ISOLITE_CATCH2_IMPLEMENTATION
#endif

#if (defined(ISOLITE_CATCH2_IMPLEMENTATION) || defined(CATCH_RUN_CONTEXT_HPP_INCLUDED)) &&         \
    !defined(ISOLITE_CATCH2_RUNNER)
#    define ISOLITE_CATCH2_RUNNER

#    if defined(ISOLITE_CATCH2_IMPLEMENTATION) && defined(CATCH_CONFIG_ENABLE_BENCHMARKING)
#        error                                                                                     \
            "isolite is built for Catch2 2 without CATCH_CONFIG_ENABLE_BENCHMARKING, which changes Catch2's classes"
#    endif

#    if __has_include(<catch2/catch_version_macros.hpp>)
#        include <catch2/catch_version_macros.hpp>
#    endif
#    include <isolite/catch2.hpp>

namespace isolite::catch2 {

namespace private_member {

template <typename Name, typename Name::type Member>
struct giver {
    friend typename Name::type reach(Name /*unused*/) { return Member; }
};

struct totals {
    using type = Catch::Totals Catch::RunContext::*;
    friend type reach(totals /*unused*/);
};
template struct giver<totals, &Catch::RunContext::m_totals>;

struct tells_passed {
    using type = bool Catch::RunContext::*;
    friend type reach(tells_passed /*unused*/);
};
template struct giver<tells_passed, &Catch::RunContext::m_includeSuccessfulResults>;

// Version 3.9 keeps them where nobody else comes to them.
#    if CATCH_VERSION_MAJOR == 2 || (CATCH_VERSION_MAJOR == 3 && CATCH_VERSION_MINOR < 9)
#        define ISOLITE_CATCH2_SHOWS_LAST
struct last_assertion {
    using type = Catch::AssertionInfo Catch::RunContext::*;
    friend type reach(last_assertion /*unused*/);
};
template struct giver<last_assertion, &Catch::RunContext::m_lastAssertionInfo>;

struct messages {
    using type = std::vector<Catch::MessageInfo> Catch::RunContext::*;
    friend type reach(messages /*unused*/);
};
template struct giver<messages, &Catch::RunContext::m_messages>;
#    endif

inline Catch::RunContext& context() {
    return static_cast<Catch::RunContext&>(Catch::getResultCapture());
}

} // namespace private_member

static const bool runner_is_known = know_runner(
    {[](const test_case& test) {
         auto& context = private_member::context();
         context.*reach(private_member::totals()) = Catch::Totals();
         context.runTest(test);
     },
     [](const Catch::Counts& assertions) {
         auto& totals = private_member::context().*reach(private_member::totals());
         totals.assertions += assertions;
     },
     [](bool wanted) { private_member::context().*reach(private_member::tells_passed()) = wanted; },
#    ifdef ISOLITE_CATCH2_SHOWS_LAST
     [](auto look) {
         auto& context = private_member::context();
         look(context.*reach(private_member::last_assertion()),
              context.*reach(private_member::messages()), context.*reach(private_member::totals()));
     }
#    else
     nullptr
#    endif
    });

} // namespace isolite::catch2

#endif
