#pragma once

#include "witness.hpp"

#include <isolite/engine.hpp>
#include <isolite/mode.hpp>
#include <isolite/seed.hpp>
#include <isolite/session.hpp>

#include <functional>
#include <map>
#include <string>
#include <vector>

struct sqlite3;

/// What isolite must say of a test: nothing, or a sentence with these words and none of those.
struct verdict {
    enum class kind { passes, fails, either };
    kind what = kind::passes;
    std::vector<std::string> words = {};
    std::vector<std::string> never = {};
};

[[nodiscard]] verdict passes();
[[nodiscard]] verdict fails(std::vector<std::string> words, std::vector<std::string> never = {});
/// Returns a verdict that is not part of the contract: only the next test counts.
[[nodiscard]] verdict either();

/// The scene of one test.
struct stage {
    isolite::engine& engine;
    isolite::mode mode;
    witness& says;

    [[nodiscard]] sqlite3* db() const;
    /// Runs a script on `db()`; objects when it fails.
    void run(const std::string& sql) const;
    /// Runs a script that may fail.
    void attempt(const std::string& sql) const;
};

using deed = std::function<void(stage&)>;

/// A test, told in every circumstance: in both modes; followed by a test of either mode; alone and
/// inside the session of a suite; once and again.
struct story {
    isolite::seed seed;
    std::string sql = {};     ///< What the test runs, also through kept statements;
    deed act = nullptr;       ///< or what else it does.
    verdict in_rollback = {}; ///< What is said of it.
    verdict in_copy_on_write = {};
    /// What the next tests run after they have looked at everything.
    std::string then = "INSERT INTO t(v) VALUES ('next'); SELECT * FROM t; SELECT * FROM lg;"
                       "SELECT last_insert_rowid()";
    std::string then_in_copy_on_write = {}; ///< And what before that, if it needs no transaction.
    deed suite = nullptr;                   ///< What the suite does first, inside its session;
    deed suite_end = nullptr;               ///< and last.
    bool may_fail = false;                  ///< Whether SQLite may refuse some of `sql`.
    bool in_suites = true;                  ///< Whether it is told inside a suite too;
    bool outside = true;                    ///< and outside of any.
    bool again = true;                      ///< Whether the test runs twice.
};

/// Tells the story in every circumstance. Returns what is not as it should be, a line each.
[[nodiscard]] std::string wrong_in(const story& told);

/// An engine whose failure is an objection and ends the process.
[[nodiscard]] isolite::engine opened(const isolite::seed& seed, witness& says);

/// Runs one test. Returns what is said of it, "" when it passes.
std::string test(isolite::engine& engine, const std::string& name, isolite::mode mode,
                 const std::function<void()>& body);

/// Runs one test of which nothing may be said.
void innocent(isolite::engine& engine, witness& says, isolite::mode mode,
              const std::function<void()>& body, const std::string& name = "innocent");

/// What tests see that no others ran before.
class pristine {
  public:
    /// Looks in processes of its own. With `suite` the tests are inside a session that did this.
    explicit pristine(const isolite::seed& seed, deed suite = nullptr);

    /// Runs a test in each mode, which must see the same and pass.
    void expect(isolite::engine& engine, witness& says) const;

  private:
    story told_;
    bool in_suite_ = false;
    std::map<isolite::mode, std::string> alone_;
};

inline constexpr isolite::mode modes[] = {isolite::mode::rollback, isolite::mode::copy_on_write};

/// Returns the seed of a small shop, with more statements.
[[nodiscard]] isolite::seed shop(const std::string& more = "", const std::string& name = "shop");

/// Returns the same with a database attached as "audit", with the same more statements.
[[nodiscard]] isolite::seed audited_shop(const std::string& more = "");

inline constexpr const char* in_wal = "PRAGMA journal_mode = WAL;";
