#pragma once

/// Catch2 as the adapter sees it, and what differs between its versions 2 and 3.

#if __has_include(<catch2/catch_all.hpp>)
#    define ISOLITE_CATCH2_VERSION 3
#    include <catch2/catch_all.hpp>
#    include <catch2/internal/catch_reporter_registry.hpp>
#    include <catch2/internal/catch_run_context.hpp>
#    include <catch2/internal/catch_sharding.hpp>
#    include <catch2/internal/catch_test_case_registry_impl.hpp>
#else
#    define ISOLITE_CATCH2_VERSION 2
#    define CATCH_CONFIG_EXTERNAL_INTERFACES
#    include <catch2/catch.hpp>
#endif

#include <isolite/catch2.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace isolite::catch2 {

using invoker = std::unique_ptr<Catch::ITestInvoker>;
using invokers = std::vector<invoker>;

#if ISOLITE_CATCH2_VERSION == 3

using reporter = Catch::IEventListener;
using reporter_pointer = Catch::IEventListenerPtr;
using config_pointer = const Catch::IConfig*;
using name_text = Catch::StringRef;
using heard_assertion = void;

/// Returns the case with another invoker. Lifetime: `owners` outlives it.
inline test_case with_invoker(const test_case& test, invoker made, invokers& owners) {
    owners.push_back(std::move(made));
    return {const_cast<Catch::TestCaseInfo*>(&test.getTestCaseInfo()), owners.back().get()};
}

inline std::vector<std::string> tags_of(const Catch::TestCaseInfo& test) {
    std::vector<std::string> tags;
    for (const Catch::Tag& tag : test.tags) {
        tags.emplace_back(tag.original);
    }
    return tags;
}

inline bool is_benchmark(const Catch::TestCaseInfo& test) {
    return (static_cast<unsigned>(test.properties) &
            static_cast<unsigned>(Catch::TestCaseProperties::Benchmark)) != 0;
}

#else

using reporter = Catch::IStreamingReporter;
using reporter_pointer = Catch::IStreamingReporterPtr;
using config_pointer = Catch::IConfigPtr;
using name_text = const std::string&;
using heard_assertion = bool;

inline test_case with_invoker(const test_case& test, invoker made, invokers& /*owners*/) {
    return {made.release(), Catch::TestCaseInfo(test.getTestCaseInfo())}; // owns it
}

inline const std::vector<std::string>& tags_of(const Catch::TestCaseInfo& test) {
    return test.tags;
}

inline bool is_benchmark(const Catch::TestCaseInfo& test) {
    return (test.properties & Catch::TestCaseInfo::Benchmark) != 0;
}

#endif

/// Returns the cases in the order in which Catch2 goes through them, to be changed before it does.
inline std::vector<test_case>& all_cases(const Catch::IConfig& config) {
    return const_cast<std::vector<test_case>&>(Catch::getAllTestCasesSorted(config));
}

} // namespace isolite::catch2
