#include "leak/leak_report.hpp"

namespace isolite {

namespace {

std::string how_it_committed(const leak_report& report) {
    if (!report.ended_with.empty()) {
        return ", having ended the sandbox's transaction with " + report.ended_with;
    }
    if (report.transaction_ended) {
        return ", the sandbox's transaction having been ended by a conflict (ON CONFLICT ROLLBACK, "
               "RAISE(ROLLBACK)) or by a statement prepared earlier";
    }
    return " through another connection, or with a statement prepared earlier";
}

} // namespace

bool leak_report::empty() const noexcept {
    return changed_pages == 0 && !locked_elsewhere && connection_changes.empty() && files.empty();
}

error leak_report::to_error(std::string_view test) const {
    std::string clauses;
    const auto add = [&clauses](const std::string& clause) {
        clauses += (clauses.empty() ? ": it " : "; it ") + clause;
    };
    if (changed_pages > 0) {
        add("committed changes on " + std::to_string(changed_pages) +
            (changed_pages == 1 ? " page" : " pages") + " of the database '" + database + "'" +
            how_it_committed(*this));
    }
    for (const std::string& change : connection_changes) {
        add(change);
    }
    if (locked_elsewhere) {
        add("left another connection in the middle of a transaction or a query");
    }
    for (const std::string& file : files) {
        add("left the database file '" + file + "' behind");
    }
    const bool other_connection = changed_pages > 0 && !transaction_ended && ended_with.empty();
    const char* const hint =
        other_connection ? "in mode rollback only the fixture's connection is protected, and the "
                           "fixture owns its "
                           "transaction: let the code under test use db(), without BEGIN and COMMIT"
        : changed_pages > 0
            ? "in mode rollback the fixture owns the transaction: let the code under test use "
              "SAVEPOINT and RELEASE, or leave BEGIN and COMMIT to its callers"
            : "undo in the test what it did to its connection, for instance in a destructor";
    return {errc::leak, "end '" + std::string(test) + "' with a clean database" + clauses, hint};
}

} // namespace isolite
