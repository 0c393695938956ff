#pragma once

#include "random_world.hpp"

#include <functional>
#include <string>
#include <vector>

/// What a test must get to hear of a statement, if all else in it is innocent.
enum class verdict { passes, fails, either };

/// Where a kind of statement makes sense.
namespace trait {
constexpr unsigned own = 1;        ///< On `db()` only.
constexpr unsigned further = 2;    ///< On another connection only.
constexpr unsigned attached = 4;   ///< Where a second database is attached.
constexpr unsigned prepared = 8;   ///< Where on_connect makes something.
constexpr unsigned unpaired = 16;  ///< Says what differs in every process.
constexpr unsigned lasting = 32;   ///< Works with what an earlier test left.
constexpr unsigned refused = 64;   ///< Counts although SQLite refuses it.
constexpr unsigned tame = 128;     ///< An ordinary statement, which many tests consist of.
constexpr unsigned unseen = 256;   ///< On the list of what isolite cannot see: changes `hides`.
constexpr unsigned suite = 512;    ///< May be run by a suite.
constexpr unsigned slow = 1024;    ///< Rolled rarely.
constexpr unsigned reads = 2048;   ///< Writes nothing.
constexpr unsigned last = 4096;    ///< Nothing may be run after it in the same test.
constexpr unsigned ready = 8192;   ///< Where statements are prepared before the tests.
constexpr unsigned late = 16384;   ///< Where set-up makes kept objects.
constexpr unsigned leaves = 32768; ///< Leaves a connection open.
} // namespace trait

// The tables of kinds are full of these.
constexpr verdict P = verdict::passes;
constexpr verdict F = verdict::fails;
constexpr verdict E = verdict::either;
constexpr unsigned own = trait::own;

/// One statement of a test as it is run.
struct act {
    world& w;
    std::shared_ptr<sqlite3> connection;
    dice& d;
    sqlite3* h = connection.get();
    bool done = true;

    /// Runs statements with what the dice choose for {this|or that} and #.
    bool run(const std::string& sql);
    void check(int code, const std::string& what);
};

/// A kind of statement that tests consist of.
struct kind {
    std::string name;
    verdict in_rollback;
    verdict in_copy_on_write;
    unsigned traits;
    std::function<void(act&)> run;
    std::string hides = {}; // the sections of the oracle that it may change for good

    [[nodiscard]] bool is(unsigned trait) const { return (traits & trait) != 0; }
};

/// Returns a kind that runs SQL.
[[nodiscard]] kind sql(std::string name, verdict in_rollback, verdict in_copy_on_write,
                       unsigned traits, std::string text);

/// All kinds, in an order that never changes.
[[nodiscard]] const std::vector<kind>& all_kinds();

/// Returns the index of the kind of that name. Ends the program where there is none.
[[nodiscard]] std::size_t kind_called(const std::string& name);

std::vector<kind> query_kinds();
std::vector<kind> write_kinds();
std::vector<kind> schema_kinds();
std::vector<kind> transaction_kinds();
std::vector<kind> pragma_kinds();
std::vector<kind> temporary_kinds();
std::vector<kind> statement_kinds();
std::vector<kind> hook_kinds();
std::vector<kind> handle_kinds();
std::vector<kind> neighbour_kinds();
std::vector<kind> process_kinds();
std::vector<kind> kept_kinds();
std::vector<kind> ready_kinds();

/// Does something in a session inside of the test's, unless a statement is in its rows.
void run_inner_session(act& a, isolite::mode mode, const std::function<void()>& work);
