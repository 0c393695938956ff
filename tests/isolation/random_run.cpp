#include "random_run.hpp"

#include "random_oracle.hpp"

#include <isolite/session.hpp>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <set>

namespace {

using isolite::mode;
using isolite::session;

std::string name_of(std::size_t body) {
    return "test " + std::to_string(body);
}

/// Puts the clauses of a verdict in order: it depends on what was prepared before.
std::string with_sorted_clauses(const std::string& verdict) {
    const std::string begin = "database: it ";
    const std::string between = "; it ";
    const std::size_t start = verdict.find(begin);
    if (start == std::string::npos) {
        return verdict;
    }
    const std::size_t first = start + begin.size();
    const std::size_t end = std::min(verdict.find('\n', first), verdict.size());
    std::multiset<std::string> clauses;
    for (std::size_t at = first; at <= end;) {
        const std::size_t next = std::min(verdict.find(between, at), end);
        clauses.insert(verdict.substr(at, next - at));
        at = next + between.size();
    }
    std::string sorted = verdict.substr(0, first);
    for (const std::string& each : clauses) {
        sorted += (sorted.size() == first ? "" : between) + each;
    }
    return sorted + verdict.substr(end);
}

/// SQLite says of TEMP that its cache is of size 0 until it has opened its file, which tests do. A
/// limit has as many names, in whatever place, as statements that set it were prepared.
std::string as_told(std::string verdict) {
    const std::string closed = "temp.cache_size from 0 ";
    if (const auto at = verdict.find(closed); at != std::string::npos) {
        verdict.replace(at, closed.size(), "temp.cache_size from -2000 ");
    }
    bool is_limited = false;
    for (const std::string limit : {"it changed PRAGMA max_page_count from ",
                                    "it changed PRAGMA main.max_page_count from "}) {
        for (std::size_t at = 0; (at = verdict.find(limit)) != std::string::npos;) {
            const std::size_t end = std::min(verdict.find_first_of(";\n", at), verdict.size());
            const bool is_first = verdict.compare(end, 2, "; ") == 0;
            const bool is_later = !is_first && at >= 2 && verdict.compare(at - 2, 2, "; ") == 0;
            at -= is_later ? 2 : 0;
            verdict.erase(at, end - at + (is_first ? 2 : 0));
            is_limited = true;
        }
    }
    return with_sorted_clauses(verdict) + (is_limited ? " and the limit" : "");
}

/// Says how many pages a connection has written before it had to, for lack of room in its cache.
int count_spilled(sqlite3* connection) {
    int now = 0;
    int highest = 0;
    if (connection) {
        sqlite3_db_status(connection, SQLITE_DBSTATUS_CACHE_SPILL, &now, &highest, 0);
    }
    return now;
}

/// Runs the tests of one experiment, up to the first that is not as it must be.
class runner {
  public:
    runner(const experiment& experiment, tally& tally, std::size_t& position)
        : experiment_(experiment), tally_(tally), position_(position), world_(experiment.config) {}

    outcome run() {
        std::vector<std::unique_ptr<session>> suites;
        for (std::size_t i = 0; i < experiment_.suites.size() && found_.what.empty(); ++i) {
            open_suite(suites, i);
        }
        if (!experiment_.is_pair) {
            take_baselines();
        }
        for (std::size_t i = 0; i < experiment_.bodies.size() && found_.what.empty(); ++i) {
            position_ = i;
            const bool is_last_of_pair = experiment_.is_pair && i + 1 == experiment_.bodies.size();
            run_body(experiment_.bodies[i], is_last_of_pair ? "B" : name_of(i), is_last_of_pair);
            if (!is_last_of_pair && !experiment_.is_pair) {
                look_after(experiment_.bodies[i]);
            }
            if (is_blind_) {
                break;
            }
        }
        if (!experiment_.is_pair && found_.what.empty() && !is_blind_) {
            close_suites(suites);
        }
        found_.seen = world_.log();
        return found_;
    }

  private:
    void fail(const std::string& what, const std::string& details) {
        if (found_.what.empty()) {
            found_ = {what, details, position_, {}};
        }
    }

    std::vector<bool> perform(const std::vector<step>& steps) {
        std::vector<bool> done;
        bool is_over = false;
        for (const step& each : steps) {
            const kind& kind = all_kinds()[each.kind];
            if (is_over) {
                done.push_back(false);
                continue;
            }
            dice d(each.argument * 7919U + each.kind);
            const auto connection = world_.connection(each.connection);
            bool succeeded = connection != nullptr;
            if (connection) {
                act acting{world_, connection, d};
                try {
                    kind.run(acting);
                    succeeded = acting.done;
                } catch (const std::exception& problem) {
                    world_.note(std::string("throws ") + problem.what());
                    succeeded = false;
                }
            }
            ++(succeeded ? tally_.kinds[each.kind].executed : tally_.kinds[each.kind].failed);
            done.push_back(succeeded);
            is_over = succeeded && kind.is(trait::last);
            if (kind.is(trait::unseen)) {
                hidden_ += kind.hides + " ";
                is_blind_ = true;
            }
        }
        return done;
    }

    void open_suite(std::vector<std::unique_ptr<session>>& suites, std::size_t i) {
        const std::string name = "suite " + std::to_string(i);
        auto opened = session::open(world_.engine(), name, mode_of(mode::copy_on_write));
        if (!opened) {
            fail("a suite does not open", opened.error().text());
            return;
        }
        suites.push_back(std::make_unique<session>(std::move(*opened)));
        world_.begin(name, mode::copy_on_write);
        perform(experiment_.suites[i].steps);
        world_.forget_log();
    }

    void close_suites(std::vector<std::unique_ptr<session>>& suites) {
        while (!suites.empty()) {
            world_.end();
            if (const auto closed = suites.back()->close(); !closed) {
                check_names("suite " + std::to_string(suites.size() - 1), closed.error().text());
            }
            suites.pop_back();
        }
    }

    [[nodiscard]] mode mode_of(mode wanted) const {
        return experiment_.config.unprotected ? mode::none : wanted;
    }

    /// Opens a session. What on_connect and work between sessions break is told by one that fails.
    std::optional<session> opened_session(const std::string& name, mode wanted) {
        for (bool is_excused = true; is_excused;) {
            is_excused = on_connect_threw || worked_between_;
            on_connect_threw = worked_between_ = false;
            auto opened = session::open(world_.engine(), name, mode_of(wanted));
            if (opened) {
                on_connect_threw = false;
                on_connect_throws_in = 0; // nothing was opened anew
                return std::optional<session>(std::move(*opened));
            }
            is_excused = is_excused || on_connect_threw;
            world_.note("does not open: " + opened.error().text());
        }
        fail("a session does not open", name + ": " + world_.log());
        return std::nullopt;
    }

    void run_body(const body& body, const std::string& name, bool is_told) {
        if (is_told) {
            world_.forget_log();
        }
        auto opened = opened_session(name, body.mode);
        if (!opened) {
            return;
        }
        world_.begin(name, body.mode);
        enter_body(true);
        const int spilled_before = count_spilled(world_.own());
        const auto done = perform(body.steps);
        world_.end(); // readers would keep what follows from ending its transaction
        if (is_told) {
            for (const auto& [section, text] : look(world_)) {
                world_.note("== " + section + "\n" + text);
            }
        }
        found_.spilled = count_spilled(world_.own()) > spilled_before;
        enter_body(false);
        const std::string told = closed(*opened);
        world_.note("verdict: " + as_told(told));
        check_verdict(body, done, name, told);
        worked_between_ = world_.work_between();
        world_.settle();
        ++tally_.bodies;
    }

    std::string closed(session& open) {
        try {
            const auto closed = open.close();
            return closed ? std::string() : closed.error().text();
        } catch (const std::exception& problem) {
            fail("close() throws", problem.what());
            return "throws";
        }
    }

    void check_verdict(const body& body, const std::vector<bool>& done, const std::string& name,
                       const std::string& told) {
        if (experiment_.config.unprotected || is_blind_) {
            return;
        }
        const verdict must = expected(body, done, experiment_.config.strict);
        // Inside a pair the oracle opens a connection, which the sandbox's transaction may lock
        // out.
        const bool may_be_locked_out = name == "B" && body.mode == mode::rollback;
        // A connection that was left idle may have come into WAL mode since.
        const auto& openers = world_.openers();
        const bool may_be_in_wal =
            std::find(openers.begin(), openers.end(), name) != openers.end() &&
            told.find("left a connection open that holds the database in WAL") != std::string::npos;
        if (must == verdict::passes && !told.empty() && !may_be_locked_out && !may_be_in_wal) {
            fail("an innocent test fails", told);
        }
        // What a session inside could not undo is told there, and not again.
        const bool was_told =
            world_.log().find("cannot be given a new connection here") != std::string::npos;
        if (must == verdict::fails && told.empty() && !was_told) {
            fail("a guilty test passes", world_.log());
        }
        check_names(name, told);
    }

    /// Nobody is named but the test itself, and who left a connection open.
    void check_names(const std::string& name, const std::string& told) {
        if (!told.empty() && told.rfind("cannot ", 0) != 0) {
            fail("a message is no sentence", told);
        }
        for (std::size_t at = 0; (at = told.find('\'', at)) != std::string::npos; ++at) {
            const std::string quoted = told.substr(at + 1, told.find('\'', at + 1) - at - 1);
            const bool is_name = quoted.rfind("test ", 0) == 0 || quoted.rfind("oracle", 0) == 0 ||
                                 quoted.rfind("suite ", 0) == 0;
            const auto& openers = world_.openers();
            if (is_name && quoted != name && quoted.rfind("suite ", 0) != 0 &&
                std::find(openers.begin(), openers.end(), quoted) == openers.end()) {
                fail("another test is blamed", told);
            }
        }
    }

    testimony looked(const std::string& name, mode wanted) {
        auto opened = opened_session(name, wanted);
        if (!opened) {
            return {};
        }
        world_.begin(name, wanted);
        enter_body(true);
        testimony seen = look(world_);
        enter_body(false);
        world_.end();
        const bool is_excused = experiment_.config.unprotected || hides_all();
        if (const std::string told = closed(*opened); !told.empty() && !is_excused) {
            fail("an innocent test is blamed", told);
        }
        return seen;
    }

    void take_baselines() {
        for (const mode each : {mode::rollback, mode::copy_on_write, mode::rollback}) {
            baselines_[each == mode::rollback ? 0 : 1] = looked("oracle at first", each);
        }
        const auto again = looked("oracle at first", mode::copy_on_write);
        compare(baselines_[1], again, "the oracle is not steady");
    }

    void look_after(const body& body) {
        if (!found_.what.empty()) {
            return;
        }
        world_.forget_log();
        const auto now = looked("oracle after " + name_of(position_), body.next);
        if (found_.what.empty()) {
            compare(baselines_[body.next == mode::rollback ? 0 : 1], now, "the next test sees");
        }
    }

    [[nodiscard]] bool hides_all() const { return hidden_.find('*') != std::string::npos; }

    void compare(const testimony& before, const testimony& now, const std::string& what) {
        if (hides_all()) {
            return;
        }
        const std::string differs = difference(before, now, hidden_);
        if (!differs.empty()) {
            fail(what, differs);
        }
    }

    const experiment& experiment_;
    tally& tally_;
    std::size_t& position_;
    world world_;
    std::array<testimony, 2> baselines_;
    std::string hidden_;    // sections that tests may have changed for good
    bool is_blind_ = false; // what comes now is not expected to be pristine
    bool worked_between_ = false;
    outcome found_;
};

} // namespace

outcome run_here(const experiment& experiment, tally& tally, std::size_t& position) {
    return runner(experiment, tally, position).run();
}
