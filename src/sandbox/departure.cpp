#include "sandbox/departure.hpp"

#include "leak/unresolved_keys.hpp"
#include "sandbox/evidence.hpp"
#include "sandbox/explanation.hpp"
#include "sandbox/file_scope.hpp"
#include "store/directory.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>

namespace isolite::sandbox {

namespace {

constexpr const char* unfinished_backup = "left a backup into its database unfinished";

/// The end of one session, or of the time between two.
class leaving {
  public:
    leaving(live_database& database, const open_session& session, const surroundings& found,
            std::optional<leak::leak_report>& leaks) noexcept
        : leaks_(leaks), database_(database), databases_(database.databases()), session_(session),
          found_(found), rollback_(session.mode == mode::rollback) {}

    void end_transaction();
    [[nodiscard]] bool leave_quietly();
    void heal();
    void restore_the_rest();

  private:
    void look_at_transaction();
    void note(std::vector<std::string> clauses);
    void report_changes();
    void report_disturbances();
    void keep_disturbed();
    void note_foreign_work(const layered_database& database);
    void put_connection_right();
    void note_connections();
    void reread_schemas();
    [[nodiscard]] bool files_appeared() noexcept;

    [[nodiscard]] sandbox::connection& used() noexcept { return database_.connection(); }
    [[nodiscard]] leak::leak_report& report() { return leaks_ ? *leaks_ : leaks_.emplace(); }

    std::optional<leak::leak_report>& leaks_;
    live_database& database_;
    layered_databases& databases_;
    const open_session& session_;
    const surroundings& found_;
    bool rollback_;
    bool newly_kept_in_wal_ = false;
    std::optional<connection_portrait> left_; // the connection, where it is not to stay as it is
};

// Whoever attached nothing leaves files to the engine that did.
bool leaving::files_appeared() noexcept {
    return session_.files != store::directory::of_process().generation() &&
           (busy_engines <= 1 || used().watch.heard_attach());
}

void leaving::look_at_transaction() {
    const bool in_transaction = sqlite3_get_autocommit(database_.handle()) == 0;
    const transaction_trace& trace = used().trace;
    if (!rollback_ && in_transaction) {
        report().transaction_open = true;
        report().begun_with = trace.begun_with();
    }
    if (!rollback_) {
        return;
    }
    const bool is_over = !in_transaction || trace.was_outside();
    if (is_over || trace.ended_or_refused()) {
        report().transaction_ended = is_over;
        report().refused = trace.refused();
        report().ended_with = trace.end();
    }
    if (auto refused = is_over ? std::nullopt : databases_.locked_out()) {
        report().locked_out = std::move(refused);
    }
    if (leak::has_unresolved_keys(database_.handle()) &&
        databases_.exchanged(database_.handle()).empty()) {
        auto before = database_.connect(std::chrono::milliseconds(0));
        report().unresolved_keys =
            leak::unresolved_keys(database_.handle(), before ? before->getHandle() : nullptr);
    }
}

void leaving::end_transaction() {
    auto process_changes =
        session_.process.restore(); // memory that is missing would keep us from all
    look_at_transaction();
    // A ROLLBACK ends the transaction of a backup, but not the backup.
    if (databases_.owner_restores() &&
        sqlite3_txn_state(database_.handle(), nullptr) == SQLITE_TXN_WRITE) {
        note({unfinished_backup});
        used().watch.note_unusual();
    }
    note(used().come_to_rest());
    note(std::move(process_changes));
    if (rollback_ && (!leaks_ || leaks_->refused.empty())) {
        if (std::string refused = used().watch.refused(); !refused.empty()) {
            report().refused = std::move(refused);
        }
    }
}

void leaving::note(std::vector<std::string> clauses) {
    for (std::string& each : clauses) {
        auto& told = report().connection_changes;
        if (std::find(told.begin(), told.end(), each) == told.end()) {
            told.push_back(std::move(each));
        }
    }
}

// Ends the layers of a session where nothing has to be put right. Returns whether that is so.
bool leaving::leave_quietly() {
    if ((leaks_ && !leaks_->empty()) || used().watch.unusual() || files_appeared() ||
        databases_.disturbed() || !databases_.rewind_quietly(rollback_)) {
        return false;
    }
    newly_kept_in_wal_ = databases_.kept_in_wal();
    if (newly_kept_in_wal_) {
        return false;
    }
    if (session_.is_inner()) {
        databases_.drop_layers();
    }
    note_connections();
    reread_schemas();
    return true;
}

void leaving::note_connections() {
    for (const layered_database& each : databases_) {
        const bool left =
            session_.depth > 0 && each.store->end_session(session_.depth, session_.test);
        if (left && database_.strict_connections()) {
            report().left_connections.push_back(each.name);
        }
    }
}

void leaving::reread_schemas() {
    if (!database_.is_open() || !databases_.reread_schemas(database_.handle())) {
        return; // who opens a connection next reads them
    }
    if (used().watch.has_virtual_tables()) { // else when one is used, which a test may forbid
        used().connect_virtual_tables(databases_.schemas());
    }
    database_.objects().end_since(session_.objects); // made for a schema that is no more
    if (database_.make_objects() && !session_.is_inner()) {
        static_cast<void>(database_.replace_connection(look_at(database_.handle(), {}), !rollback_,
                                                       session_.test, found_));
    }
}

void leaving::report_changes() {
    std::vector<exhibit> shown;
    for (const layered_database& each : databases_) {
        const auto commits = each.store->commits();
        // What a transaction wrote that was broken off half-way is no content of the database.
        if (each.store->changed_pages() > 0 && (!each.store->broken_off() || !commits.empty())) {
            exhibit both{each.name, each.store->freeze_checkpoint(), each.store->freeze()};
            leak::described_difference found = explain(database_.recipe(), both);
            std::vector<std::string>& lines = found.lines;
            if (lines.empty() && commits.empty()) {
                continue; // free pages, which SQLite does not put back when it rolls back
            }
            shown.push_back(std::move(both));
            if (lines.empty()) {
                lines.push_back("no row differs, but " +
                                std::to_string(each.store->changed_pages()) + " of its pages");
            }
            report().changes.push_back({each.name, commits, std::move(lines), found.rows});
        }
    }
    if (!shown.empty() && !session_.evidence_kept && evidence_wanted()) {
        const records::fixture_clock keeping;
        report().evidence = write_evidence(session_.test, shown);
        keeping.enter(records::fixture_kind::evidence_written, {database_.recorded_name()});
    }
}

void leaving::note_foreign_work(const layered_database& database) {
    for (const store::foreign_work& work : database.store->foreign_work_in_progress()) {
        if (database.store->keeps_foreign_work()) { // who opened it knows it by its path
            report().file_uses.push_back(clause_of_use(database.name, work));
        } else {
            report().foreign_work.push_back(work);
        }
    }
}

void leaving::report_disturbances() {
    for (const layered_database& each : databases_) {
        std::vector<store::commit> strange;
        for (store::commit& commit : each.store->commits()) {
            if (!commit.left_by.empty()) {
                strange.push_back(std::move(commit));
            }
        }
        if (!strange.empty()) {
            report().changes.push_back({each.name, std::move(strange), {}, 0});
        }
    }
    if (leaks_ && !leaks_->changes.empty()) {
        keep_disturbed();
    }
}

// Nobody can say which rows are whose in mode `copy_on_write`: all are shown that differ.
void leaving::keep_disturbed() {
    if (session_.evidence_kept || !evidence_wanted()) {
        return;
    }
    const records::fixture_clock keeping;
    const std::vector<exhibit> shown =
        differing(database_.recipe(), committed_exhibits_of(database_));
    if (!shown.empty()) {
        report().evidence = lines_of_evidence(session_.test, shown);
        keeping.enter(records::fixture_kind::evidence_written, {database_.recorded_name()});
    }
}

// Whoever else is in the middle of something loses its locks before anything is put right, so that
// nobody can keep it from being so.
void leaving::heal() {
    const bool made_files = files_appeared();
    const int transaction = sqlite3_txn_state(database_.handle(), nullptr);
    // Without older statements none runs any more; with them it reads on in what it has cached.
    if (transaction != SQLITE_TXN_NONE &&
        (!used().has_older_statements() || databases_.touched_pages() > 0)) {
        used().watch.note_unusual();
    }
    if (transaction == SQLITE_TXN_NONE && databases_.owner_keeps_lock()) {
        used().watch.note_unusual(); // it will not ask again, and not look whether its cache is old
    }
    if (transaction == SQLITE_TXN_WRITE && report().connection_changes.empty()) {
        report().connection_changes.emplace_back(unfinished_backup);
    }
    for (const layered_database& each : databases_) {
        note_foreign_work(each);
    }
    if (!rollback_) {
        report_disturbances(); // of what is whole: a transaction that is broken off may not be
    }
    for (const layered_database& each : databases_) {
        each.store->revoke_foreign_locks(); // readers would keep the log from being emptied
    }
    // A lock that this connection keeps is one by which it reads what it may have to say of itself.
    if (transaction != SQLITE_TXN_WRITE && used().watch.unusual()) {
        left_ = look_at(database_.handle(), used().watch.settings());
    }
    for (const layered_database& each : databases_) {
        each.store->revoke_locks();
    }
    if (rollback_) {
        databases_.empty_logs();
        report_changes();
    }
    for (const layered_database& each : databases_) {
        each.store->forget_commits();
    }
    const bool was_kept = !newly_kept_in_wal_ && databases_.kept_in_wal();
    put_connection_right();
    report().kept_in_wal = report().kept_in_wal || (!was_kept && databases_.kept_in_wal());
    if (session_.is_inner()) {
        databases_.drop_layers();
    }
    note_connections();
    reread_schemas();
    if (made_files) {
        auto files = store::directory::of_process().remove_since(session_.files);
        if (rollback_) {
            report().files = std::move(files);
        }
    }
}

void leaving::put_connection_right() {
    const bool unusual = used().watch.unusual();
    const std::string detach = used().trace.detach();
    if (!unusual) {
        databases_.rewind();
    }
    const bool replaced = unusual || databases_.kept_in_wal();
    if (const std::string name = databases_.exchanged(database_.handle()); !name.empty()) {
        note({clause_of_exchange(name)});
    }
    if (replaced && !left_) {
        left_ = look_at(database_.handle(), used().watch.settings());
    }
    const std::string keeper =
        replaced && session_.is_inner() ? database_.what_keeps_connection(found_) : std::string();
    if (replaced && keeper.empty()) {
        auto changes = database_.replace_connection(*left_, !rollback_, session_.test, found_);
        if (session_.spoiled_by.empty()) { // else they may be what the test inside was told
            note(std::move(changes));
        }
        report().kept_in_wal = database_.freed_from_wal();
    } else if (unusual) {
        note(database_.connection_changes(*left_, !rollback_, found_));
        report().not_replaced =
            "cannot be given a new connection here: the suite around it " + keeper;
        databases_.rewind();
    }
    if (rollback_ && report().refused.empty() && !report().connection_changes.empty()) {
        report().refused = detach;
    }
}

void leaving::restore_the_rest() {
    if (database_.is_open()) {
        used().restore_counters(session_.last_insert_rowid);
        used().end_session(session_.is_inner());
    }
}

/// A session inside of this one may have lost the connection, because it could not be opened anew.
void ensure_connection(live_database& database, const open_session& session,
                       const surroundings& found) {
    if (database.is_open() && database.databases().has_layers()) {
        return;
    }
    if (const auto ready =
            database.check_ready(session.is_inner(), found, session.last_insert_rowid);
        !ready) {
        throw std::runtime_error(ready.error().message);
    }
}

} // namespace

void leave_sandbox(live_database& database, const open_session& session, const surroundings& found,
                   departure& left) {
    ensure_connection(database, session, found);
    database.objects().undo_since(session.objects);
    left.pages = database.databases().touched_pages();
    leaving end(database, session, found, left.leaks);
    end.end_transaction();
    left.work.checking = records::ledger::clock::now();
    if (!end.leave_quietly()) {
        const records::fixture_clock healing; // around what is entered meanwhile
        left.work.checked = healing.begun();
        end.heal();
        left.work.healed = records::ledger::clock::now();
    }
    end.restore_the_rest();
    if (left.leaks && left.leaks->empty()) {
        left.leaks.reset();
    }
}

leak::leak_report undo_work_between_tests(live_database& database, const surroundings& found,
                                          std::int64_t last_insert_rowid, std::size_t objects) {
    open_session nobody{0, "between tests", mode::rollback, nullptr};
    nobody.files = store::directory::of_process().generation();
    nobody.last_insert_rowid = last_insert_rowid;
    nobody.objects = objects;
    database.objects().undo_since(objects);
    std::optional<leak::leak_report> report = leak::leak_report();
    leaving end(database, nobody, found, report);
    report->is_between_tests = true;
    report->connection_changes = database.connection().come_to_rest();
    end.heal();
    end.restore_the_rest();
    return *report;
}

} // namespace isolite::sandbox
