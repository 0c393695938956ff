#include "leak/leak_report.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace isolite::leak {

namespace {

std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

std::string whose(const store::foreign_work& work) {
    return work.left_by.empty() ? "another connection"
                                : "a connection that '" + work.left_by + "' left open";
}

std::string how_it_ended(const leak_report& report) {
    return report.ended_with.empty() ? "a conflict (ON CONFLICT ROLLBACK, RAISE(ROLLBACK))"
                                     : quoted(report.ended_with);
}

/// Returns how a change came to be committed, as what reads after "it committed changes".
std::string how_it_committed(const leak_report& report, const database_change& change) {
    if (change.commits.empty()) {
        return {};
    }
    const store::commit& first = change.commits.front();
    std::string text = first.sql.empty() ? std::string() : " with " + quoted(first.sql);
    if (!first.by_owner && first.left_by.empty()) {
        text += " on " + whose(first);
    } else if (report.transaction_ended && first.sql != report.ended_with) {
        text += ", after " + how_it_ended(report) + " had ended the sandbox's transaction";
    }
    return text;
}

/// Says whether only connections that an earlier test left open have changed a database.
bool is_disturbed(const database_change& change) {
    return !change.commits.empty() &&
           std::none_of(change.commits.begin(), change.commits.end(),
                        [](const store::commit& each) { return each.left_by.empty(); });
}

std::string how_it_changed(const leak_report& report, const database_change& change) {
    if (is_disturbed(change)) {
        return "was disturbed by " + whose(change.commits.front()) +
               ", which committed changes to the database '" + change.name + "'" +
               how_it_committed(report, change);
    }
    if (change.commits.empty() && !report.transaction_ended && !report.is_between_tests) {
        return "wrote changes to the database '" + change.name + "' that no rollback undoes";
    }
    return "committed changes to the database '" + change.name + "'" +
           how_it_committed(report, change);
}

std::vector<std::string> clauses_of(const leak_report& report) {
    std::vector<std::string> clauses;
    if (!report.refused.empty()) {
        clauses.push_back("ran " + quoted(report.refused) + " inside the sandbox's transaction");
    }
    if (report.locked_out) {
        clauses.push_back(
            (report.locked_out->empty() ? "used" : "ran " + quoted(*report.locked_out) + " on") +
            " another connection while the sandbox's transaction had the database locked");
    }
    if (report.savepoint_ended) {
        clauses.push_back("ended the transaction of the session around it with " +
                          how_it_ended(report));
    }
    for (const database_change& change : report.changes) {
        clauses.push_back(how_it_changed(report, change));
    }
    const auto add = [&clauses](const std::vector<std::string>& more) {
        clauses.insert(clauses.end(), more.begin(), more.end());
    };
    if (report.transaction_open) {
        clauses.push_back(
            "left the transaction open that " +
            (report.begun_with.empty() ? "it began" : quoted(report.begun_with) + " began"));
    }
    add(report.unresolved_keys);
    add(report.connection_changes);
    for (const std::string& database : report.left_connections) {
        clauses.push_back("left a connection to the database '" + database + "' open");
    }
    for (const store::foreign_work& work : report.foreign_work) {
        clauses.push_back("left " + whose(work) + " in the middle of " + text_of(work));
    }
    add(report.file_uses);
    if (report.kept_in_wal) {
        clauses.emplace_back("left a connection open that holds the database in WAL mode");
    }
    for (const std::string& file : report.files) {
        clauses.push_back("left the database file '" + file + "' behind");
    }
    for (const std::string& file : report.unclaimed) {
        clauses.push_back("opened the database file '" + file + "', which no claim covers");
    }
    if (!report.not_replaced.empty()) {
        clauses.push_back(report.not_replaced);
    }
    return clauses;
}

/// Returns what to do about what the report is most of all about.
std::string hint_of(const leak_report& report) {
    const bool has_changes = !report.changes.empty();
    const std::string way = report.way_to_commit.empty()
                                ? "open the session with isolite::mode::copy_on_write"
                                : report.way_to_commit;
    const std::pair<bool, std::string> hints[] = {
        {report.is_between_tests,
         "do it before the first test, or in a session: that of a test, or that of a suite around "
         "tests"},
        {!report.not_replaced.empty(),
         "keep statements of a suite with statement() or kept<>(), attach databases with "
         "seed::attach, and undo in the test what it does to its connection"},
        {has_changes && std::all_of(report.changes.begin(), report.changes.end(), is_disturbed),
         "close that connection, or join its thread, in the test that opened it; "
         "seed::strict_connections() fails a test that does not"},
        {has_changes || !report.refused.empty() || report.locked_out,
         "use copy_on_write for code that commits or opens connections of its own: " + way},
        {report.savepoint_ended, "use SAVEPOINT and RELEASE in it, or open both sessions with "
                                 "isolite::mode::copy_on_write"},
        {report.transaction_open, "end it in the test with COMMIT or ROLLBACK"},
        {!report.unresolved_keys.empty(),
         "the test could never have committed this: insert the missing row, or use copy_on_write "
         "to see COMMIT fail"},
        {!report.foreign_work.empty(),
         "end the test's transactions and queries, and join its threads, before the test ends"},
        {!report.file_uses.empty(),
         "end the test's transactions and queries, and close what it opens, before the test ends"},
        {!report.unclaimed.empty(),
         "claim it: with seed::file, isolite::files or --files; or open another one"},
        {!report.left_connections.empty(), "close it, and join its thread, before the test ends"},
        {report.kept_in_wal,
         "close the connection in the test, or let the seed set PRAGMA journal_mode = WAL"},
        {true, "undo in the test what it did to its connection, for instance in a destructor"},
    };
    return std::find_if(std::begin(hints), std::end(hints),
                        [](const auto& each) { return each.first; })
        ->second;
}

} // namespace

std::string text_of(const store::foreign_work& work) {
    if (!work.sql.empty()) {
        return quoted(work.sql);
    }
    return work.in_transaction ? "a transaction" : "a transaction or a query";
}

bool leak_report::empty() const {
    return clauses_of(*this).empty();
}

std::size_t leak_report::rows() const noexcept {
    std::size_t all = 0;
    for (const database_change& change : changes) {
        all += change.rows;
    }
    return all;
}

error leak_report::to_error(std::string_view test) const {
    return told("end '" + std::string(test) + "' with a clean database: it ", "; it ");
}

error leak_report::to_error_between(std::string_view last, std::string_view next) const {
    return told("begin '" + std::string(next) + "' with a clean database: after '" +
                    std::string(last) + "', outside of any session, somebody ",
                "; somebody ");
}

error leak_report::told(std::string message, std::string separator) const {
    const auto clauses = clauses_of(*this);
    for (std::size_t i = 0; i < clauses.size(); ++i) {
        message += (i == 0 ? "" : separator) + clauses[i];
    }
    for (const database_change& change : changes) {
        const std::string indent = changes.size() == 1 ? "\n  " : "\n    ";
        message += changes.size() == 1 ? "" : "\n  in '" + change.name + "':";
        for (const std::string& line : change.lines) {
            message += indent + line;
        }
    }
    message += evidence;
    return {errc::leak, message, hint_of(*this)};
}

} // namespace isolite::leak
