#include "sandbox/usual_settings.hpp"

#include "leak/cursor.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <iterator>

namespace isolite::sandbox {

namespace {

std::string pragma(const setting& which) {
    return "PRAGMA " + (which.schema.empty() ? "" : leak::quoted_name(which.schema) + ".") +
           which.name;
}

} // namespace

std::optional<std::string> value_of(sqlite3* connection, const setting& which) {
    // The only one that can be told by what it does alone.
    const bool is_like = which.name == "case_sensitive_like";
    const auto read = leak::rows(connection, is_like ? "SELECT NOT ('a' LIKE 'A')" : pragma(which));
    return read.empty() ? std::nullopt : std::optional(read.front().front());
}

const std::string* usual_settings::find(const setting& which) const {
    const auto found = usual_.find(which);
    return found == usual_.end() ? nullptr : &found->second;
}

bool has_temporary(sqlite3* connection) {
    return sqlite3_db_readonly(connection, "temp") >= 0;
}

void usual_settings::learn(sqlite3* fresh, const setting& which) {
    if (find(which)) {
        return;
    }
    sqlite3* other = nullptr;
    if (which.schema == "temp" && !has_temporary(fresh)) {
        sqlite3_open(":memory:", &other);
    }
    usual_[which] = value_of(other ? other : fresh, which).value_or("");
    sqlite3_close(other);
}

void usual_settings::choose(sqlite3* connection, const setting& which) {
    // Without a schema it is that of main.
    const auto is_same = [&which](const setting& each) {
        const auto is_main = [](const std::string& schema) {
            return schema.empty() || schema == "main";
        };
        return each.name == which.name &&
               (each.schema == which.schema || (is_main(each.schema) && is_main(which.schema)));
    };
    chosen_.erase(std::remove_if(chosen_.begin(), chosen_.end(), is_same), chosen_.end());
    for (auto each = usual_.begin(); each != usual_.end();) {
        each = is_same(each->first) ? usual_.erase(each) : std::next(each);
    }
    usual_[which] = value_of(connection, which).value_or("");
    chosen_.push_back(which);
}

void usual_settings::present(sqlite3* fresh) const {
    for (const setting& each : chosen_) {
        // The only one that shows a number which it takes for something else.
        const bool is_fast = each.name == "secure_delete" && *find(each) == "2";
        leak::run(fresh, pragma(each) + " = '" + (is_fast ? "FAST" : *find(each)) + "'");
    }
}

} // namespace isolite::sandbox
