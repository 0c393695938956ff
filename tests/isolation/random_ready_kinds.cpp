#include "random_kind.hpp"
#include "random_ready.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <exception>
#include <string>

// Statements that were prepared before the test that runs them: by set-up, by on_connect, by an
// earlier test that had the engine keep them, and in the constructor of a kept object.

namespace {

void run_prepared(act& a, sqlite3_stmt* statement) {
    if (!statement) {
        a.done = false;
        return;
    }
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) {
        code = sqlite3_step(statement);
    }
    a.check(code, "runs");
    sqlite3_reset(statement);
}

/// Code under test that keeps all statements of a group.
template <ready_group Group>
struct holder {
    explicit holder(SQLite::Database& db) {
        for (const char* const text : ready_texts(Group)) {
            sqlite3_stmt* made = nullptr;
            sqlite3_prepare_v2(db.getHandle(), text, -1, &made, nullptr);
            statements.emplace_back(made, sqlite3_finalize);
        }
    }

    std::vector<std::shared_ptr<sqlite3_stmt>> statements;
};

template <ready_group Group>
std::size_t which(act& a) {
    const auto& texts = ready_texts(Group);
    const std::size_t rolled = a.d.roll(static_cast<unsigned>(texts.size()));
    a.w.note(texts[rolled]);
    return rolled;
}

template <ready_group Group>
void run_of_set_up(act& a) {
    const char* const text = ready_texts(Group)[which<Group>(a)];
    run_prepared(a, ready_by_set_up() ? ready_by_set_up()->find(text) : nullptr);
}

template <ready_group Group>
void run_of_on_connect(act& a) {
    const char* const text = ready_texts(Group)[which<Group>(a)];
    run_prepared(a, ready_by_on_connect() ? ready_by_on_connect()->find(text) : nullptr);
}

template <ready_group Group>
void run_kept(act& a) {
    try {
        SQLite::Statement& kept = a.w.engine().statement(ready_texts(Group)[which<Group>(a)]);
        while (kept.executeStep()) {
        }
        kept.reset();
    } catch (const std::exception& problem) {
        a.w.note(problem.what());
        a.done = false;
    }
}

template <ready_group Group>
void run_held(act& a) {
    const std::size_t rolled = which<Group>(a);
    run_prepared(a, a.w.engine().kept<holder<Group>>().statements[rolled].get());
}

/// Only prepares: whoever runs it is not the one that is listened to then.
template <ready_group Group>
void keep(act& a) {
    try {
        static_cast<void>(a.w.engine().statement(ready_texts(Group)[which<Group>(a)]));
    } catch (const std::exception& problem) {
        a.w.note(problem.what());
        a.done = false;
    }
}

template <ready_group Group>
void hold(act& a) {
    static_cast<void>(a.w.engine().kept<holder<Group>>());
}

template <ready_group Group>
std::vector<kind> of_group(const std::string& what, verdict in_rollback, verdict in_copy_on_write,
                           unsigned traits = 0) {
    const unsigned ready = own | trait::ready | traits;
    std::vector<kind> all = {
        {"on_connect's " + what, in_rollback, in_copy_on_write, ready, run_of_on_connect<Group>},
        {"a kept " + what, in_rollback, in_copy_on_write, own | traits, run_kept<Group>},
    };
    if (Group != ready_group::flags) {
        // Dead once the connection is another one.
        all.push_back({"set-up's " + what, in_rollback, in_copy_on_write, ready | trait::unpaired,
                       run_of_set_up<Group>});
        all.push_back({"a kept object's " + what, in_rollback, in_copy_on_write, own | traits,
                       run_held<Group>});
    }
    return all;
}

} // namespace

std::vector<kind> ready_kinds() {
    using group = ready_group;
    std::vector<kind> all = {
        {"keep a limit", P, P, own | trait::suite, keep<group::limits>},
        {"keep a mode", E, E, own, keep<group::modes>},
        {"keep a write", P, P, own | trait::suite, keep<group::writes>},
        {"keep a change of the schema", P, P, own | trait::suite, keep<group::schemas>},
        {"hold limits", P, P, own | trait::suite, hold<group::limits>},
        {"hold changes of the schema", P, P, own | trait::suite, hold<group::schemas>},
    };
    for (auto family : {
             of_group<group::limits>("limit", F, F),
             of_group<group::modes>("mode", E, E, trait::unpaired),
             of_group<group::flags>("flag", E, E, trait::unpaired),
             of_group<group::writes>("write", P, P),
             of_group<group::schemas>("change of the schema", P, P),
             of_group<group::temporaries>("change of TEMP", P, F),
             of_group<group::attachments>("attachment", F, F),
             of_group<group::transactions>("transaction", E, E),
         }) {
        for (kind& each : family) {
            all.push_back(std::move(each));
        }
    }
    return all;
}
