#include "sandbox/connection_watch.hpp"

#include "sandbox/connection_portrait.hpp"
#include "sandbox/connection_tally.hpp"
#include "sandbox/database_answers.hpp"
#include "sandbox/known_pragmas.hpp"
#include "store/open_file.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>

namespace isolite::sandbox {

namespace {

/// Functions that change the connection.
constexpr std::array<const char*, 2> deep_functions = {"load_extension", "fts3_tokenizer"};

bool enforces_keys(sqlite3* connection) {
    int value = 0;
    sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &value);
    return value != 0;
}

/// Returns what PRAGMA temp_store shows after this value.
const char* temp_store_of(const char* value) {
    constexpr std::array<const char*, 2> file = {"1", "file"};
    constexpr std::array<const char*, 2> memory = {"2", "memory"};
    return is_one_of(file, value) ? "1" : is_one_of(memory, value) ? "2" : "0";
}

/// Returns what a PRAGMA that is on or off is to become.
bool is_on(const char* value) {
    constexpr std::array<const char*, 4> words = {"on", "yes", "true", "1"};
    return is_one_of(words, value);
}

} // namespace

connection_watch::connection_watch(sqlite3* connection, usual_settings& usual,
                                   std::uint64_t& schema_changes)
    : connection_(connection), usual_(usual), schema_changes_(schema_changes) {
    take_back();
}

connection_watch::~connection_watch() {
    if (!is_blind_) {
        sqlite3_set_authorizer(connection_, nullptr, nullptr);
    }
}

void connection_watch::take_back() noexcept {
    sqlite3_set_authorizer(connection_, authorize, this);
}

void connection_watch::begin_life(sqlite3_stmt* probe, std::vector<std::string> layered,
                                  bool is_blind) {
    probe_ = probe;
    reprepared_ = reprepared();
    layered_ = std::move(layered);
    layered_.erase(std::remove(layered_.begin(), layered_.end(), "main"), layered_.end());
    is_blind_ = is_blind;
    switches_ = switches_of(connection_);
    main_name_ = sqlite3_db_name(connection_, 0);
    requested_reserve_ = answers(connection_, layered_, SQLITE_FCNTL_RESERVE_BYTES);
    kept_logs_ = answers(connection_, layered_, SQLITE_FCNTL_PERSIST_WAL);
    times_switched_ = store::count_switched();
    alive_ = true;
    notes_ = {};
    begin(true);
}

int connection_watch::authorize(void* watch, int action, const char* first, const char* second,
                                const char* database, const char* /*trigger*/) {
    auto& self = *static_cast<connection_watch*>(watch);
    ++self.asked_;
    self.heard_virtual_table_ = self.heard_virtual_table_ || action == SQLITE_CREATE_VTABLE ||
                                (action == SQLITE_ATTACH && self.alive_);
    try {
        if (action == SQLITE_PRAGMA && second) {
            self.prepared_.hear(first, database);
        }
        if (self.alive_) {
            self.note(action, first, second, database);
        }
    } catch (const std::exception&) { // out of memory: what cannot be named is replaced
        self.notes_.unusual = true;
    }
    return SQLITE_OK;
}

// One that is attached again, as another schema, is undone with its pages, too.
bool connection_watch::is_own(const char* schema) const {
    if (!schema || std::strcmp(schema, "main") == 0 ||
        std::find(layered_.begin(), layered_.end(), schema) != layered_.end()) {
        return true;
    }
    const auto file_of = [this](const char* of) {
        const char* const file = sqlite3_db_filename(connection_, of);
        return std::string(file ? file : "");
    };
    const std::string file = file_of(schema);
    return !file.empty() &&
           (file == file_of("main") ||
            std::any_of(layered_.begin(), layered_.end(),
                        [&](const std::string& each) { return file == file_of(each.c_str()); }));
}

/// Says whether writing to a table changes what a connection keeps in memory: SQLite its
/// statistics, full-text search the settings of its indexes.
bool connection_watch::is_remembered(const std::string& table) const {
    if (table.rfind("sqlite_stat", 0) == 0) { // which SQLite reads when it reads the schema
        return true;
    }
    const std::size_t ending = table.rfind('_');
    return ending != std::string::npos &&
           (table.compare(ending, std::string::npos, "_config") == 0 ||
            table.compare(ending, std::string::npos, "_stat") == 0) &&
           virtual_tables_.count(table.substr(0, ending)) != 0;
}

void connection_watch::note(int action, const char* first, const char* second, const char* schema) {
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
    case SQLITE_SAVEPOINT:
    case SQLITE_TRANSACTION:
        break;
    case SQLITE_FUNCTION:
        notes_.unusual = notes_.unusual || is_one_of(deep_functions, second);
        if (std::strncmp(second, "sqlite_", 7) != 0) { // SQLite's own
            functions_.emplace(second);
        }
        break;
    case SQLITE_UPDATE:
    case SQLITE_INSERT:
    case SQLITE_DELETE:
        notes_.unusual = notes_.unusual || !is_own(schema) || is_remembered(first);
        break;
    case SQLITE_PRAGMA:
        note_pragma(first, second, schema);
        break;
    case SQLITE_ATTACH:
        notes_.attached = true;
        [[fallthrough]];
    default: // whatever makes, drops or changes something that a connection remembers
        notes_.unusual = true;
        ++schema_changes_;
    }
}

void connection_watch::note_pragma(const char* name, const char* value, const char* schema) {
    if (sqlite3_stricmp(name, "optimize") == 0) {
        notes_.unusual = true;
        return;
    }
    if (sqlite3_get_autocommit(connection_) == 0) {
        note_refusal(name, value, schema);
    }
    if (value && is_one_of(writing_pragmas, name)) {
        ++schema_changes_; // which no count of rows tells
    }
    if (!value || is_one_of(asking_pragmas, name)) {
        return;
    }
    if (is_one_of(deep_pragmas, name)) {
        notes_.unusual = true;
    }
    if (schema || !connection_tally::reads(name)) {
        ++schema_changes_; // which some of them may make visible
    }
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; });
    add_setting({schema ? schema : "", std::move(lower)});
}

void connection_watch::add_setting(const setting& heard) {
    const auto add = [this](const setting& one) {
        const auto same = [&one](const setting& each) { return !(each < one) && !(one < each); };
        if (std::none_of(notes_.settings.begin(), notes_.settings.end(), same)) {
            notes_.settings.push_back(one);
        }
    };
    add(heard);
    if (heard.schema.empty() && (heard.name == "journal_mode" || heard.name == "locking_mode")) {
        for (const std::string& each : layered_) { // it is that of all databases
            add({each, heard.name});
        }
    }
}

/// Adds the settings of PRAGMAs that may run without being heard.
void connection_watch::add_prepared(const std::vector<setting>& settings) {
    for (const setting& each : settings) {
        add_setting(each);
    }
}

void connection_watch::note_refusal(const char* name, const char* value, const char* schema) {
    const auto is = [name](const char* other) { return sqlite3_stricmp(name, other) == 0; };
    const std::string of = schema ? schema : "";
    const auto asked = [&] {
        return "PRAGMA " + (schema ? of + "." : of) + name + (value ? " = " : "") +
               (value ? value : "");
    };
    if (is("wal_checkpoint")) {
        if (sqlite3_txn_state(connection_, schema) != SQLITE_TXN_NONE) {
            notes_.refused = asked();
        }
    } else if (!value) {
        return;
    } else if (is("journal_mode")) {
        notes_.wanted = {
            asked(), {of, "journal_mode"}, sqlite3_stricmp(value, "wal") == 0 ? "wal" : ""};
    } else if (is("temp_store")) {
        notes_.wanted = {asked(), {"", "temp_store"}, temp_store_of(value)};
    } else if (is("synchronous") ||
               (is("foreign_keys") && is_on(value) != enforces_keys(connection_))) {
        notes_.refused = asked();
    }
}

// What SQLite may have done is seen only now: into WAL mode, for instance, and out of it, no
// transaction can go.
std::string connection_watch::refused() const {
    const auto& [asked, which, wanted] = notes_.wanted;
    if (asked.empty()) {
        return notes_.refused;
    }
    const std::string now = value_of(connection_, which).value_or("");
    const bool is_so =
        which.name == "temp_store" ? now == wanted : (now == "wal") == (wanted == "wal");
    return is_so ? notes_.refused : asked;
}

int connection_watch::reprepared() const noexcept {
    return sqlite3_stmt_status(probe_, SQLITE_STMTSTATUS_REPREPARE, 0);
}

std::vector<std::pair<std::string, unsigned>> connection_watch::versions() const {
    std::vector<std::pair<std::string, unsigned>> all;
    const int attached = 2; // behind main and temp
    for (int i = has_temporary(connection_) ? attached - 1 : attached;
         const char* const name = sqlite3_db_name(connection_, i); ++i) {
        if (i < attached || !is_own(name)) {
            if (const unsigned version = data_version(connection_, name); version != 0) {
                all.emplace_back(name, version + commits_of_others(connection_, name));
            }
        }
    }
    return all;
}

void connection_watch::begin(bool something_ran) {
    for (const setting& each : notes_.settings) {
        if (!is_one_of(page_pragmas, each.name.c_str())) { // to present these might write
            usual_.choose(connection_, each);
        }
    }
    if (is_blind_ || std::exchange(asked_when_clear_, asked_) != asked_) {
        notes_.attached = false;
        notes_.settings.clear();
        notes_.refused.clear();
        notes_.wanted = {};
    }
    notes_.unusual = false;
    notes_.replaced = false;
    notes_.reprepared = reprepared_;
    if (is_blind_) { // nobody will tell which of them was set
        for (const char* const each : numeric_pragmas) {
            notes_.settings.push_back({"", each});
        }
        for (const char* const each : flag_pragmas) {
            notes_.settings.push_back({"", each});
        }
    }
    if (something_ran) {
        notes_.versions = versions();
        notes_.databases = count_databases(connection_);
    }
    if (!prepared_.is_empty()) {
        learn_prepared();
    }
}

void connection_watch::learn_prepared() {
    add_prepared(prepared_.alive_on(connection_));
    for (const setting& each : notes_.settings) {
        usual_.learn(connection_, each);
    }
}

/// Also watches what runs between sessions.
void connection_watch::watch_prepared() noexcept {
    try {
        add_prepared(prepared_.all());
    } catch (const std::exception&) { // out of memory
        notes_.unusual = true;
    }
}

void connection_watch::begin_inner() {
    notes_.unusual = notes_.unusual || flags_differ(); // which is of the session around
    outer_.push_back({notes_, usual_});
    begin(true);
}

void connection_watch::end_inner() noexcept {
    if (outer_.empty()) { // the connection could not be made anew
        return;
    }
    notes_ = std::move(outer_.back().heard);
    usual_ = std::move(outer_.back().usual);
    notes_.reprepared = reprepared_;
    asked_when_clear_ = asked_ + 1; // they are not
    outer_.pop_back();
}

bool connection_watch::had_unlayered(const char* schema) const {
    return std::any_of(notes_.versions.begin(), notes_.versions.end(),
                       [schema](const auto& each) { return each.first == schema; });
}

std::vector<connection_watch::outer_session> connection_watch::release_outer() noexcept {
    return std::exchange(outer_, {});
}

void connection_watch::adopt_outer(std::vector<outer_session> outer) noexcept {
    outer_ = std::move(outer);
}

std::vector<std::string> connection_watch::unlayered() const {
    std::vector<std::string> schemas;
    for (const auto& [schema, version] : versions()) {
        schemas.push_back(schema);
    }
    return schemas;
}

bool connection_watch::settings_differ() const {
    return std::any_of(notes_.settings.begin(), notes_.settings.end(), [this](const setting& each) {
        const std::string* const usual = usual_.find(each);
        return !usual || value_of(connection_, each) != *usual;
    });
}

// A flag that changes makes SQLite prepare the probe again, and so does a PRAGMA that sets a flag
// to what it is; this one was heard.
bool connection_watch::flags_differ() const {
    const bool is_heard =
        std::any_of(notes_.settings.begin(), notes_.settings.end(), [](const setting& each) {
            return !is_one_of(numeric_pragmas, each.name.c_str());
        });
    return reprepared_ != notes_.reprepared && (!is_heard || switches_of(connection_) != switches_);
}

bool connection_watch::unusual() {
    const char* const main = sqlite3_db_name(connection_, 0);
    notes_.unusual =
        notes_.unusual || is_blind_ || flags_differ() || main != main_name_ ||
        answers(connection_, layered_, SQLITE_FCNTL_RESERVE_BYTES) != requested_reserve_ ||
        (store::count_switched() != times_switched_ &&
         answers(connection_, layered_, SQLITE_FCNTL_PERSIST_WAL) != kept_logs_) ||
        !sqlite3_db_name(connection_, notes_.databases - 1) ||
        sqlite3_db_name(connection_, notes_.databases);
    if (!notes_.unusual) { // TEMP may also have been opened
        notes_.unusual = versions() != notes_.versions;
    }
    if (!notes_.unusual && !notes_.settings.empty()) {
        notes_.unusual = settings_differ();
    }
    return notes_.unusual;
}

// SQLite prepares the probe again only when it runs.
void connection_watch::after_probe() noexcept {
    const int before = std::exchange(reprepared_, reprepared());
    if (!is_blind_ && reprepared_ != before && asked_ == asked_before_probe_) {
        notes_.replaced = true;
        notes_.unusual = true;
    }
}

} // namespace isolite::sandbox
