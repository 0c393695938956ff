#pragma once

#include <isolite/case_marks.hpp>
#include <isolite/coverage.hpp>
#include <isolite/fixture.hpp>

#include <functional>
#include <memory>
#include <string>

namespace isolite {

/// A suite of plain functions, for programs without a test framework. Example:
/// `isolite::suite tests;`
/// `tests.add<shop>("orders/an order reduces the stock", [](isolite::fixture& test) { ... });`
/// `return tests.run(argc, argv);`
/// A case fails by an exception that leaves its body, or by `fail`. Only one suite runs at a time.
class ISOLITE_API suite {
  public:
    suite();
    ~suite();
    suite(const suite&) = delete;
    suite& operator=(const suite&) = delete;

    /// Adds a case. The part of its name before the last slash is the suite that it belongs to.
    void add(std::string name, std::function<void()> body, case_marks marks = {});

    /// Adds a case on the worker's database of `Database`, a type with a static function
    /// `isolite::seed seed()`, in the mode of its marks or of `Database`.
    template <typename Database>
    void add(std::string name, std::function<void(fixture&)> body, case_marks marks = {}) {
        add(
            std::move(name),
            [this, body = std::move(body)] {
                fixture test(adapter(), worker_database_of<Database>(), mode_of<Database>);
                body(test);
            },
            std::move(marks));
    }

    /// Makes the running case fail with this message, and lets it go on.
    void fail(const std::string& message);

    /// Makes the running case count as skipped, unless it fails as well, and lets it go on.
    void skip(const std::string& why);

    /// Returns this suite as fixtures see it, for fixtures of your own.
    [[nodiscard]] framework& adapter() noexcept;

    /// Runs the cases, in the order in which they were added if they run in this process, and says
    /// on stderr what failed. The command line has isolite's options, and patterns as of shells: of
    /// several, a case has to match one. `--list` prints the names instead.
    /// Returns the exit status: 0 if all passed, 1 if not, 2 for a malformed command line.
    [[nodiscard]] int run(int argc, char** argv);

  private:
    class state;

    std::unique_ptr<state> state_;
};

} // namespace isolite
