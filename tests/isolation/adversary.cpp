#include "adversary.hpp"

namespace {

std::string& mutable_journal_mode() {
    static std::string mode;
    return mode;
}

} // namespace

const std::string& journal_mode() {
    return mutable_journal_mode();
}

void set_journal_mode(const std::string& mode) {
    mutable_journal_mode() = mode;
}

void stage::run(const std::string& sql) const {
    engine.db().exec(sql);
}

void stage::attempt(const std::string& sql) const {
    static_cast<void>(engine.db().tryExec(sql));
}

neighbour& stage::open_neighbour(int more_flags) {
    return *neighbours.emplace_back(std::make_shared<neighbour>(engine.uri(), more_flags));
}

leaks nothing() {
    return {};
}

leaks left(const std::string& clauses) {
    return {clauses, clauses};
}

leaks only_in_rollback(const std::string& clauses) {
    return {clauses, ""};
}

leaks only_in_copy_on_write(const std::string& clauses) {
    return {"", clauses};
}

leaks committed(const std::string& how, const std::string& lines, const std::string& left_in_both) {
    return {"it committed changes to the database 'stock' " + how +
                (left_in_both.empty() ? "" : "; ") + left_in_both + lines,
            left_in_both};
}
