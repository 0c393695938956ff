#include <isolite/catch2.hpp>

#include "adapters/catch2_cases.hpp"
#include "adapters/catch2_run.hpp"
#include "error/warning.hpp"
#include "run/command_line.hpp"

#include <isolite/catch2_runner.hpp>

#include <cstring>
#include <optional>
#include <string>

namespace isolite::catch2 {

namespace {

std::optional<runner>& runner_known() {
    static std::optional<runner> known; // before `main`
    return known;
}

const Catch::TestCaseInfo* running_test() {
    const catch2_run* const run = catch2_run::current();
    return run ? run->running_test() : nullptr;
}

class catch2_framework final : public framework {
  public:
    [[nodiscard]] std::string current_test() const override {
        const auto* const test = running_test();
        return test ? test->name : "a fixture outside of any test case";
    }

    [[nodiscard]] std::optional<mode> chosen_mode() const override {
        const auto* const test = running_test();
        return test ? marks_of(*test).mode : std::nullopt;
    }

    [[nodiscard]] bool failing() const override {
        const catch2_run* const run = catch2_run::current();
        return run && run->has_failed_assertions();
    }

    void fail(const std::string& message) noexcept override {
        if (const auto* const test = running_test(); test != nullptr && test->okToFail()) {
            catch2_run::current()->fail_unforgiven(message);
            return;
        }
        say(Catch::ResultWas::ExplicitFailure, message);
    }

    void note(const std::string& message) noexcept override {
        say(Catch::ResultWas::Warning, message);
    }

    [[nodiscard]] std::string way_to_commit() const override {
        return "tag the test with [copy_on_write]";
    }

  private:
    /// Says what an assertion would say, where none may throw.
    static void say(Catch::ResultWas::OfType kind, const std::string& message) {
        if (const auto* const test = running_test()) {
            Catch::AssertionReaction unheeded;
            Catch::getResultCapture().handleMessage(
                {{}, test->lineInfo, {}, Catch::ResultDisposition::ContinueOnFailure}, kind,
                std::string(message), unheeded);
        } else {
            warnings::complain(message);
        }
    }
};

/// Catch2 has an option `--durations yes|no`, and isolite `--durations=N`.
void leave_durations_to_catch2(int argc, char** argv) {
    static char of_catch2[] = "-d";
    for (int i = 1; i + 1 < argc; ++i) {
        const std::string value = argv[i + 1];
        if (std::strcmp(argv[i], "--durations") == 0 && (value == "yes" || value == "no")) {
            argv[i] = of_catch2;
        }
    }
}

} // namespace

bool know_runner(const runner& known) {
    runner_known() = known;
    return true;
}

const runner* known_runner() {
    return runner_known() ? &*runner_known() : nullptr;
}

int run(int argc, char** argv, int (*session)(int, char**)) {
    leave_durations_to_catch2(argc, argv);
    return suites::run_with_options(argc, argv, [&] { return session(argc, argv); });
}

framework& adapter() {
    static catch2_framework instance;
    return instance;
}

bool install() {
    register_first_listener(
        [](const config_pointer& config) { return reporter_pointer(new catch2_run(config)); });
    isolite::run::claim_files_of_variable();
    return true;
}

} // namespace isolite::catch2
