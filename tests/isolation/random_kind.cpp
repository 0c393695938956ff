#include "random_kind.hpp"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

namespace {

/// Returns a template with one choice taken of each {this|or that}, and a number for each #.
std::string chosen(const std::string& text, dice& d) {
    std::string made;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '#') {
            made += std::to_string(1 + d.roll(160));
        } else if (text[i] == '{') {
            const std::size_t end = text.find('}', i);
            std::vector<std::string> choices(1);
            for (const char each : text.substr(i + 1, end - i - 1)) {
                if (each == '|') {
                    choices.emplace_back();
                } else {
                    choices.back() += each;
                }
            }
            made += chosen(choices[d.roll(static_cast<unsigned>(choices.size()))], d);
            i = end;
        } else {
            made += text[i];
        }
    }
    return made;
}

std::vector<kind> gathered() {
    std::vector<kind> all;
    for (auto family : {query_kinds, write_kinds, schema_kinds, transaction_kinds, pragma_kinds,
                        temporary_kinds, statement_kinds, hook_kinds, handle_kinds, neighbour_kinds,
                        process_kinds, kept_kinds, ready_kinds}) {
        for (kind& each : family()) {
            all.push_back(std::move(each));
        }
    }
    return all;
}

} // namespace

bool act::run(const std::string& sql) {
    const bool succeeded = w.run(h, chosen(sql, d));
    done = done && succeeded;
    return succeeded;
}

void act::check(int code, const std::string& what) {
    w.note(what + " " + std::to_string(code));
    done = done && (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW);
}

kind sql(std::string name, verdict in_rollback, verdict in_copy_on_write, unsigned traits,
         std::string text) {
    return {std::move(name), in_rollback, in_copy_on_write, traits,
            [text = std::move(text)](act& a) { a.run(text); }};
}

const std::vector<kind>& all_kinds() {
    static const std::vector<kind> all = gathered();
    return all;
}

std::size_t kind_called(const std::string& name) {
    const auto& all = all_kinds();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].name == name) {
            return i;
        }
    }
    std::printf("there is no kind called '%s': see --list-kinds\n", name.c_str());
    std::exit(2);
}
