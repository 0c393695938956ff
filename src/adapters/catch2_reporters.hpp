#pragma once

#include "adapters/catch2_versions.hpp"

namespace isolite::catch2 {

/// A reporter that hears nothing, and stands in for another one.
/// Lifetime: the other one outlives it.
#if ISOLITE_CATCH2_VERSION == 3
class deaf_reporter : public reporter {
  public:
    deaf_reporter(config_pointer config, reporter* model) : reporter(config), model_(model) {
        m_preferences = model ? model->getPreferences() : m_preferences;
    }

    void noMatchingTestCases(name_text /*spec*/) override {}
    void reportInvalidTestSpec(name_text /*spec*/) override {}
    void testRunStarting(const Catch::TestRunInfo& /*run*/) override {}
    void testCaseStarting(const Catch::TestCaseInfo& /*test*/) override {}
    void testCasePartialStarting(const Catch::TestCaseInfo& /*test*/, uint64_t /*part*/) override {}
    void sectionStarting(const Catch::SectionInfo& /*section*/) override {}
    void benchmarkPreparing(name_text /*name*/) override {}
    void benchmarkStarting(const Catch::BenchmarkInfo& /*benchmark*/) override {}
    void benchmarkEnded(const Catch::BenchmarkStats<>& /*stats*/) override {}
    void benchmarkFailed(name_text /*name*/) override {}
    void assertionStarting(const Catch::AssertionInfo& /*assertion*/) override {}
    void assertionEnded(const Catch::AssertionStats& /*stats*/) override {}
    void sectionEnded(const Catch::SectionStats& /*stats*/) override {}
    void testCasePartialEnded(const Catch::TestCaseStats& /*stats*/, uint64_t /*part*/) override {}
    void testCaseEnded(const Catch::TestCaseStats& /*stats*/) override {}
    void testRunEnded(const Catch::TestRunStats& /*stats*/) override {}
    void skipTest(const Catch::TestCaseInfo& /*test*/) override {}
    void fatalErrorEncountered(name_text /*error*/) override {}

    // There is no run when these are asked for.
    void listReporters(const std::vector<Catch::ReporterDescription>& all) override {
        if (model_) {
            model_->listReporters(all);
        }
    }
    void listListeners(const std::vector<Catch::ListenerDescription>& all) override {
        if (model_) {
            model_->listListeners({all.begin() + 1, all.end()}); // the first one is ours
        }
    }
    void listTests(const std::vector<test_case>& all) override {
        if (model_) {
            model_->listTests(all);
        }
    }
    void listTags(const std::vector<Catch::TagInfo>& all) override {
        if (model_) {
            model_->listTags(all);
        }
    }

  private:
    reporter* model_;
};
#else
class deaf_reporter : public reporter {
  public:
    deaf_reporter(const config_pointer& /*config*/, reporter* model) {
        preferences_ = model ? model->getPreferences() : preferences_;
    }

    [[nodiscard]] Catch::ReporterPreferences getPreferences() const override {
        return preferences_;
    }
    void noMatchingTestCases(name_text /*spec*/) override {}
    void testRunStarting(const Catch::TestRunInfo& /*run*/) override {}
    void testGroupStarting(const Catch::GroupInfo& /*group*/) override {}
    void testCaseStarting(const Catch::TestCaseInfo& /*test*/) override {}
    void sectionStarting(const Catch::SectionInfo& /*section*/) override {}
    void assertionStarting(const Catch::AssertionInfo& /*assertion*/) override {}
    bool assertionEnded(const Catch::AssertionStats& /*stats*/) override { return false; }
    void sectionEnded(const Catch::SectionStats& /*stats*/) override {}
    void testCaseEnded(const Catch::TestCaseStats& /*stats*/) override {}
    void testGroupEnded(const Catch::TestGroupStats& /*stats*/) override {}
    void testRunEnded(const Catch::TestRunStats& /*stats*/) override {}
    void skipTest(const Catch::TestCaseInfo& /*test*/) override {}

  private:
    Catch::ReporterPreferences preferences_;
};
#endif

/// All reporters and listeners of a run but ours, which alone Catch2 tells anything.
class audience {
  public:
    enum class part { all, listeners, reporters };

    void add(reporter_pointer member, bool is_listener) {
        has_listeners_ = has_listeners_ || is_listener;
        members_.push_back({std::move(member), is_listener});
    }

    template <typename Result, typename... Parameters, typename... Arguments>
    void tell(part who, Result (reporter::*event)(Parameters...), const Arguments&... about) {
        for (member& each : members_) {
            if (who == part::all || (who == part::listeners) == each.is_listener) {
                ((*each.listening).*event)(about...);
            }
        }
    }
    template <typename Result, typename... Parameters, typename... Arguments>
    void tell(Result (reporter::*event)(Parameters...), const Arguments&... about) {
        tell(part::all, event, about...);
    }

    /// Tells of the end of an assertion those whom Catch2 would tell of it.
    void tell(const Catch::IConfig& config, const Catch::AssertionStats& stats);

    /// Writes to stderr how to open the databases of failed tests of which it was told: Catch2's
    /// console breaks the command after 80 columns, so that nobody can copy it.
    void say_opening_commands();

    /// Says whether somebody wants to hear of assertions that pass.
    [[nodiscard]] bool wants_passed(const Catch::IConfig& config) const;

    /// Says whether Catch2 would catch what listeners write in the body of a case.
    [[nodiscard]] bool catches_output() const;

    [[nodiscard]] bool has_listeners() const { return has_listeners_; }

  private:
    struct member {
        reporter_pointer listening;
        bool is_listener;
    };

    [[nodiscard]] bool wants_all(const Catch::IConfig& config) const;

    std::vector<member> members_;
    bool has_listeners_ = false;
    std::vector<std::string> opening_commands_; ///< each once
};

/// Takes a reporter or listener that Catch2 has made, and returns what stands in for it.
using taker = reporter_pointer (*)(reporter_pointer made, bool is_listener);

/// Lets Catch2 hand all reporters and listeners that it makes from now on to `take`, but for its
/// first listener. Does so once in a process.
void take_reporters(taker take);

/// Registers a listener as the first one of all.
void register_first_listener(reporter_pointer (*make)(const config_pointer& config));

} // namespace isolite::catch2
