#include "story.hpp"

#include "view.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

#include <unistd.h>

using isolite::mode;

namespace {

enum class way { by_handle, by_kept_statements, prepared_by_an_earlier_test };

struct circumstances {
    mode of_culprit;
    mode of_next;
    bool in_suite;
    way how;
};

std::string name_of(mode each) {
    return each == mode::rollback ? "rollback" : "copy_on_write";
}

std::string text_of(const circumstances& of) {
    constexpr const char* ways[] = {"", ", by kept statements",
                                    ", by statements that an earlier test prepared"};
    return name_of(of.of_culprit) + " before " + name_of(of.of_next) +
           (of.in_suite ? ", in a suite" : "") + ways[static_cast<int>(of.how)];
}

std::vector<std::string> statements_of(const std::string& sql) {
    std::vector<std::string> all;
    std::string each;
    for (const char byte : sql) {
        each += byte;
        if (byte == ';' && sqlite3_complete(each.c_str()) != 0) {
            all.push_back(std::exchange(each, {}));
        }
    }
    if (each.find_first_not_of(" \n") != std::string::npos) {
        all.push_back(each);
    }
    return all;
}

void run_kept(stage& at, const std::string& sql) {
    for (const std::string& each : statements_of(sql)) {
        try {
            SQLite::Statement& kept = at.engine.statement(each);
            while (kept.executeStep()) {
            }
            kept.reset();
        } catch (const SQLite::Exception&) { // not every text is a statement in every mode
        }
    }
}

/// Lets an innocent test prepare the culprit's statements without running them.
void prepare(stage& at, const std::string& sql) {
    test(at.engine, "one that prepares", mode::copy_on_write, [&] {
        for (const std::string& each : statements_of(sql)) {
            try {
                static_cast<void>(at.engine.statement(each));
            } catch (const SQLite::Exception&) { // needs what is not there yet
            }
        }
    });
}

void be_the_culprit(const story& told, stage& at, way how) {
    if (told.act) {
        told.act(at);
    } else if (how != way::by_handle) {
        run_kept(at, told.sql);
    } else if (told.may_fail) {
        at.attempt(told.sql);
    } else {
        at.run(told.sql);
    }
}

void judge(const verdict& wanted, const std::string& said, witness& says, const std::string& when) {
    if (wanted.what == verdict::kind::passes) {
        says.expect(said.empty(), when + " must pass, but: " + said);
    } else if (wanted.what == verdict::kind::fails) {
        says.expect_words(said, wanted.words, when);
    }
    for (const std::string& each : wanted.never) {
        says.expect(said.find(each) == std::string::npos,
                    when + " must not say \"" + each + "\": " + said);
    }
}

/// Returns what a test in this mode sees, inside a suite or not, that no other ran before.
using seen_alone = std::function<const std::string&(mode, bool)>;

std::string what_it_sees(const story& told, isolite::engine& engine) {
    std::string seen = view(engine);
    if (sqlite3_get_autocommit(engine.db().getHandle()) != 0) {
        seen += answer(engine.db().getHandle(), told.then_in_copy_on_write) + "\n";
    }
    return seen + "then -> " + answer(engine.db().getHandle(), told.then) + "\n";
}

/// Opens the engine and, if so told, the suite around all, and plays what is inside.
void on_stage(const story& told, witness& says, bool in_suite, const seen_alone& alone,
              const std::function<void(stage&)>& inside) {
    isolite::engine engine = opened(told.seed, says);
    stage at{engine, mode::copy_on_write, says};
    if (!in_suite) {
        inside(at);
        return;
    }
    auto suite = isolite::session::open(engine, "the suite", mode::copy_on_write);
    if (!suite) {
        return says.object("the suite does not open: " + suite.error().text());
    }
    at.attempt("INSERT INTO lg VALUES ('of the suite')");
    if (told.suite) {
        told.suite(at);
    }
    inside(at);
    if (told.suite_end) {
        told.suite_end(at);
    }
    const auto closed = suite->close();
    says.expect(closed.has_value(),
                "the suite must pass, but: " + (closed ? std::string() : closed.error().text()));
    const std::string said = test(engine, "one after the suite", mode::rollback, [&] {
        const std::string differs =
            difference(what_it_sees(told, engine), alone(mode::rollback, false));
        says.expect(differs.empty(), "a test after the suite sees it:" + differs);
    });
    says.expect(said.empty(), "after the suite a test must pass, but: " + said);
}

std::string look_alone(const story& told, mode each, bool in_suite) {
    return wrong_in([&](witness& says) {
        isolite::engine engine = opened(told.seed, says);
        stage at{engine, each, says};
        std::optional<isolite::session> suite;
        if (in_suite) {
            suite.emplace(
                std::move(*isolite::session::open(engine, "the suite", mode::copy_on_write)));
            at.attempt("INSERT INTO lg VALUES ('of the suite')");
            if (told.suite) {
                told.suite(at);
            }
        }
        const auto session = isolite::session::open(engine, "alone", each);
        says.object(session ? what_it_sees(told, engine)
                            : "does not open: " + session.error().text());
        ::_exit(0); // without a word about what is open
    });
}

void tell(const story& told, const circumstances& of, witness& says, const seen_alone& alone) {
    on_stage(told, says, of.in_suite, alone, [&](stage& at) {
        verdict wanted = of.of_culprit == mode::rollback ? told.in_rollback : told.in_copy_on_write;
        if (of.how == way::prepared_by_an_earlier_test) {
            prepare(at, told.sql);
            if (wanted.what == verdict::kind::fails) {
                wanted.what = verdict::kind::either; // preparing alone may have done it
            }
        }
        for (const char* const turn : {"the culprit", "the culprit again"}) {
            at.mode = of.of_culprit;
            judge(wanted,
                  test(at.engine, turn, of.of_culprit, [&] { be_the_culprit(told, at, of.how); }),
                  says, turn);
            const mode other = of.of_next == mode::rollback ? mode::copy_on_write : mode::rollback;
            for (const mode next : {of.of_next, other}) {
                const std::string said = test(at.engine, "the next", next, [&] {
                    const std::string differs =
                        difference(what_it_sees(told, at.engine), alone(next, of.in_suite));
                    says.expect(differs.empty(), "the next test in " + name_of(next) + " after " +
                                                     turn + " sees it:" + differs);
                });
                says.expect(said.empty(), "the next test in " + name_of(next) + " after " + turn +
                                              " must pass, but: " + said);
            }
            if (!told.again) {
                break;
            }
        }
    });
}

/// Of all that is played, ISOLITE_TEST_SHARE=N plays every N-th, so that each story has its turns.
bool is_of_the_share() {
    static const char* const text = std::getenv("ISOLITE_TEST_SHARE");
    static const unsigned long share = text ? std::max(std::strtoul(text, nullptr, 10), 1UL) : 1;
    static unsigned long asked = 0;
    return asked++ % share == 0;
}

} // namespace

verdict passes() {
    return {verdict::kind::passes};
}

verdict fails(std::vector<std::string> words, std::vector<std::string> never) {
    return {verdict::kind::fails, std::move(words), std::move(never)};
}

verdict either() {
    return {verdict::kind::either};
}

sqlite3* stage::db() const {
    return engine.db().getHandle();
}

void stage::run(const std::string& sql) const {
    const std::string said = answer(db(), sql);
    says.expect(said.find("error ") == std::string::npos, "cannot run " + sql + ": " + said);
}

void stage::attempt(const std::string& sql) const {
    static_cast<void>(answer(db(), sql));
}

std::string wrong_in(const story& told) {
    std::map<std::pair<mode, bool>, std::string> views;
    const auto alone = [&](mode each, bool in_suite) -> const std::string& {
        return views.at({each, in_suite});
    };
    const auto look = [&](mode each, bool in_suite) {
        if (views.count({each, in_suite}) == 0) {
            views[{each, in_suite}] = look_alone(told, each, in_suite);
        }
    };
    std::vector<bool> places;
    if (told.outside) {
        places.push_back(false);
    }
    if (told.in_suites) {
        places.push_back(true);
    }
    std::string all;
    for (const mode of_culprit : modes) {
        for (const mode of_next : modes) {
            for (const bool in_suite : places) {
                for (const way how :
                     {way::by_handle, way::by_kept_statements, way::prepared_by_an_earlier_test}) {
                    const bool is_usual = how == way::by_handle;
                    if (!is_usual && (told.act || of_next != of_culprit)) {
                        continue; // what differs is heard only while the culprit runs
                    }
                    if (!is_of_the_share()) {
                        continue;
                    }
                    look(mode::rollback, false);
                    for (const mode each : modes) {
                        look(each, in_suite);
                    }
                    const circumstances of{of_culprit, of_next, in_suite, how};
                    const std::string wrong =
                        wrong_in([&](witness& says) { tell(told, of, says, alone); });
                    all += wrong.empty() ? "" : "-- " + text_of(of) + "\n" + wrong;
                }
            }
        }
    }
    return all;
}

isolite::engine opened(const isolite::seed& seed, witness& says) {
    auto engine = isolite::engine::open(seed);
    if (!engine) {
        says.object("the engine does not open: " + engine.error().text());
        ::_exit(0);
    }
    return std::move(*engine);
}

std::string test(isolite::engine& engine, const std::string& name, mode mode,
                 const std::function<void()>& body) {
    auto session = isolite::session::open(engine, name, mode);
    if (!session) {
        return "does not open: " + session.error().text();
    }
    body();
    try {
        const auto closed = session->close();
        return closed ? "" : closed.error().text();
    } catch (const std::exception& problem) {
        return std::string("close() threw: ") + problem.what();
    }
}

void innocent(isolite::engine& engine, witness& says, mode mode, const std::function<void()>& body,
              const std::string& name) {
    const std::string said = test(engine, name, mode, body);
    says.expect(said.empty(), "'" + name + "' must pass, but: " + said);
}

pristine::pristine(const isolite::seed& seed, deed suite) : told_{seed} {
    told_.suite = std::move(suite);
    in_suite_ = told_.suite != nullptr;
    for (const mode each : modes) {
        alone_[each] = look_alone(told_, each, in_suite_);
    }
}

void pristine::expect(isolite::engine& engine, witness& says) const {
    for (const mode each : modes) {
        const auto look = [&] {
            const std::string differs = difference(what_it_sees(told_, engine), alone_.at(each));
            says.expect(differs.empty(),
                        "the next test in " + name_of(each) + " sees it:" + differs);
        };
        innocent(engine, says, each, look, "the next");
    }
}

isolite::seed shop(const std::string& more, const std::string& name) {
    return isolite::seed(name).sql("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);"
                                   "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c');"
                                   "CREATE TABLE lg(m);" +
                                   more);
}

isolite::seed audited_shop(const std::string& more) {
    return shop(more).attach("audit",
                             isolite::seed("audit").sql("CREATE TABLE entries(x);"
                                                        "INSERT INTO entries VALUES ('one');" +
                                                        more));
}
