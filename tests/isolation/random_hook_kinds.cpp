#include "random_kind.hpp"

#include <sqlite3.h>

// What C code sets on the connection: flags, limits, hooks and functions.

namespace {

constexpr unsigned unseen = trait::own | trait::unseen;

kind flag(const char* name, int option, int value, verdict of = F, unsigned traits = own) {
    return {std::string("flag ") + name, of, of, traits, [option, value](act& a) {
                int now = 0;
                a.check(sqlite3_db_config(a.h, option, value, &now), "flag");
            }};
}

kind limit(const char* name, int which, int value) {
    return {std::string("limit ") + name,
            E,
            E,
            unseen,
            [which, value](act& a) { sqlite3_limit(a.h, which, value); },
            "limits"};
}

kind control(const char* name, int which, int value, verdict of) {
    return {std::string("file control ") + name, of, of, own, [which, value](act& a) {
                int given = value;
                a.w.note(std::to_string(sqlite3_file_control(a.h, "main", which, &given)));
            }};
}

template <typename Set>
kind call(std::string name, unsigned traits, Set set, std::string hides = {}) {
    return {std::move(name), E, E, traits, [set](act& a) { set(a); }, std::move(hides)};
}

void seven(sqlite3_context* context, int /*count*/, sqlite3_value** /*values*/) {
    sqlite3_result_int(context, 7);
}

void add_function(act& a, const char* name, int arguments) {
    a.check(sqlite3_create_function(a.h, name, arguments, SQLITE_UTF8, nullptr, seven, nullptr,
                                    nullptr),
            "function");
}

int backwards(void* /*data*/, int left, const void* /*one*/, int right, const void* /*two*/) {
    return right - left;
}

int refuses_deletions(void* /*data*/, int action, const char* /*a*/, const char* /*b*/,
                      const char* /*c*/, const char* /*d*/) {
    return action == SQLITE_DELETE ? SQLITE_DENY : SQLITE_OK;
}

int allows_all(void* /*data*/, int /*action*/, const char* /*a*/, const char* /*b*/,
               const char* /*c*/, const char* /*d*/) {
    return SQLITE_OK;
}

void runs_sql(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
    sqlite3_exec(sqlite3_context_db_handle(context), text, nullptr, nullptr, nullptr);
}

void add_functions_that_take_away(act& a) {
    add_function(a, "upper", 1);
    a.run("SELECT upper('x')");
}

std::vector<kind> flags() {
    return {
        flag("ENABLE_FKEY", SQLITE_DBCONFIG_ENABLE_FKEY, 0, E), // nothing inside a transaction
        flag("ENABLE_TRIGGER", SQLITE_DBCONFIG_ENABLE_TRIGGER, 0),
        flag("ENABLE_VIEW", SQLITE_DBCONFIG_ENABLE_VIEW, 0),
        flag("ENABLE_FTS3_TOKENIZER", SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0, E),
        flag("ENABLE_LOAD_EXTENSION", SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, E),
        flag("NO_CKPT_ON_CLOSE", SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1),
        flag("ENABLE_QPSG", SQLITE_DBCONFIG_ENABLE_QPSG, 1),
        flag("TRIGGER_EQP", SQLITE_DBCONFIG_TRIGGER_EQP, 1),
        // Where SQLite takes the database for empty, its result codes depend on the cookie.
        flag("RESET_DATABASE", SQLITE_DBCONFIG_RESET_DATABASE, 1, E, own | trait::unpaired),
        flag("DEFENSIVE", SQLITE_DBCONFIG_DEFENSIVE, 1),
        flag("WRITABLE_SCHEMA", SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1),
        flag("LEGACY_ALTER_TABLE", SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 1),
        flag("DQS_DML", SQLITE_DBCONFIG_DQS_DML, 0, E),
        flag("DQS_DDL", SQLITE_DBCONFIG_DQS_DDL, 0, E),
        // SQLite clears it itself when it reads a schema.
        flag("LEGACY_FILE_FORMAT", SQLITE_DBCONFIG_LEGACY_FILE_FORMAT, 1, E),
        flag("TRUSTED_SCHEMA", SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, E),
        limit("COLUMN", SQLITE_LIMIT_COLUMN, 900),
        limit("ATTACHED", SQLITE_LIMIT_ATTACHED, 1),
        limit("VARIABLE_NUMBER", SQLITE_LIMIT_VARIABLE_NUMBER, 99),
        control("PERSIST_WAL", SQLITE_FCNTL_PERSIST_WAL, 1, E),
        control("RESERVE_BYTES", SQLITE_FCNTL_RESERVE_BYTES, 16, E),
        control("CHUNK_SIZE", SQLITE_FCNTL_CHUNK_SIZE, 65536, E),
        control("DATA_VERSION", SQLITE_FCNTL_DATA_VERSION, 0, P),
    };
}

std::vector<kind> functions() {
    return {
        call(
            "a new function", unseen, [](act& a) { add_function(a, "seven", 0); }, "functions"),
        call("a function that replaces SQLite's", unseen, add_functions_that_take_away,
             "functions"),
        call(
            "a function that replaces on_connect's", unseen | trait::prepared,
            [](act& a) { add_function(a, "twice", 1); }, "functions"),
        call(
            "a function taken away", unseen | trait::prepared,
            [](act& a) {
                a.check(sqlite3_create_function(a.h, "twice", 1, SQLITE_UTF8, nullptr, nullptr,
                                                nullptr, nullptr),
                        "function");
            },
            "functions"),
        call(
            "a new collation", unseen,
            [](act& a) {
                a.check(sqlite3_create_collation(a.h, "backwards", SQLITE_UTF8, nullptr, backwards),
                        "collation");
            },
            "functions"),
        call(
            "a collation that replaces SQLite's", unseen,
            [](act& a) {
                a.check(sqlite3_create_collation(a.h, "NOCASE", SQLITE_UTF8, nullptr, backwards),
                        "collation");
            },
            "functions"),
        call(
            "an overloaded function", unseen,
            [](act& a) { a.check(sqlite3_overload_function(a.h, "later", 3), "overload"); },
            "functions"),
        call(
            "a module", unseen,
            [](act& a) {
                static const sqlite3_module nothing = {};
                a.check(sqlite3_create_module(a.h, "nothing", &nothing, nullptr), "module");
            },
            "functions"),
        {"a function that creates a trigger", P, P, unseen,
         [](act& a) {
             sqlite3_create_function(a.h, "run_sql", 1, SQLITE_UTF8, nullptr, runs_sql, nullptr,
                                     nullptr);
             a.run("SELECT run_sql('CREATE TRIGGER made AFTER INSERT ON t\nBEGIN SELECT 1; END')");
         },
         "functions"},
    };
}

int late_calls_ = 0;
bool is_in_body_ = false;

void note_call(void* /*data*/) {
    late_calls_ += is_in_body_ ? 0 : 1;
}

std::vector<kind> hooks() {
    return {
        call("a commit hook", unseen,
             [](act& a) {
                 sqlite3_commit_hook(
                     a.h, [](void*) { return 0; }, nullptr);
             }),
        call("a rollback hook", own,
             [](act& a) { sqlite3_rollback_hook(a.h, note_call, nullptr); }),
        call("an update hook", unseen,
             [](act& a) {
                 sqlite3_update_hook(
                     a.h, [](void*, int, const char*, const char*, sqlite3_int64) {}, nullptr);
             }),
        call(
            "a log hook", unseen,
            [](act& a) {
                sqlite3_wal_hook(
                    a.h, [](void*, sqlite3*, const char*, int) { return SQLITE_OK; }, nullptr);
            },
            "settings"),
        call(
            "wal_autocheckpoint()", unseen, [](act& a) { sqlite3_wal_autocheckpoint(a.h, 8); },
            "settings"),
        call("a progress handler", unseen,
             [](act& a) {
                 sqlite3_progress_handler(
                     a.h, 100, [](void*) { return 0; }, nullptr);
             }),
        // What it hits depends on which statements have to be prepared anew.
        {"a progress handler that interrupts", F, F, own | trait::unpaired,
         [](act& a) {
             sqlite3_progress_handler(
                 a.h, 1, [](void*) { return 1; }, nullptr);
         }},
        call(
            "a busy handler", unseen,
            [](act& a) {
                sqlite3_busy_handler(
                    a.h, [](void*, int) { return 0; }, nullptr);
            },
            "settings"),
        call(
            "busy_timeout()", unseen, [](act& a) { sqlite3_busy_timeout(a.h, 3); }, "settings"),
        call(
            "an authorizer taken away", unseen,
            [](act& a) { sqlite3_set_authorizer(a.h, nullptr, nullptr); }, "*"),
        {"an authorizer that refuses", F, F, own,
         [](act& a) { sqlite3_set_authorizer(a.h, refuses_deletions, nullptr); }},
        {"an authorizer that allows", F, F, own,
         [](act& a) { sqlite3_set_authorizer(a.h, allows_all, nullptr); }},
        call(
            "a trace", unseen,
            [](act& a) {
                sqlite3_trace_v2(
                    a.h, SQLITE_TRACE_STMT, [](unsigned, void*, void*, void*) { return 0; },
                    nullptr);
            },
            "*"),
        call(
            "no trace", unseen, [](act& a) { sqlite3_trace_v2(a.h, 0, nullptr, nullptr); }, "*"),
        call("collation_needed", unseen,
             [](act& a) {
                 sqlite3_collation_needed(a.h, nullptr, [](void*, sqlite3*, int, const char*) {});
             }),
        call("extended result codes", own, [](act& a) { sqlite3_extended_result_codes(a.h, 1); }),
        call("load extensions", own, [](act& a) { sqlite3_enable_load_extension(a.h, 1); }),
        call("another name of main", own,
             [](act& a) {
                 a.check(sqlite3_db_config(a.h, SQLITE_DBCONFIG_MAINDBNAME, "other"), "name");
             }),
        call("lookaside", own,
             [](act& a) {
                 a.w.note(std::to_string(
                     sqlite3_db_config(a.h, SQLITE_DBCONFIG_LOOKASIDE, nullptr, 64, 10)));
             }),
    };
}

} // namespace

int late_calls() {
    return late_calls_;
}

void enter_body(bool is_in_body) {
    is_in_body_ = is_in_body;
}

std::vector<kind> hook_kinds() {
    std::vector<kind> all = flags();
    for (auto family : {functions, hooks}) {
        for (kind& each : family()) {
            all.push_back(std::move(each));
        }
    }
    return all;
}
