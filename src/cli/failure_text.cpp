#include "cli/failure_text.hpp"

#include "text/utf8.hpp"
#include "text/words.hpp"

#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <chrono>
#include <string_view>

namespace isolite::cli {

namespace {

using report::run_records;
using text::printable;

constexpr const char* failed_cases = R"(
    SELECT test, worker, ns, attempts, timed_out, text, output, command
    FROM cases LEFT JOIN processes USING (process) LEFT JOIN debug_commands USING (position)
    WHERE verdict = 'failed'
    ORDER BY position)";

// What a failed case has said of a database is not said again, in the words of another attempt.
constexpr const char* other_leaks = R"(
    SELECT test, worker, text FROM leaks
    WHERE NOT EXISTS (SELECT * FROM cases JOIN leaks AS told ON told.test = cases.test
                      WHERE cases.verdict = 'failed' AND cases.test = leaks.test
                      AND told.database IS leaks.database AND instr(cases.text, told.text) > 0))";

constexpr const char* running_cases = R"(
    SELECT test, worker, until - attempts.start
    FROM attempts JOIN processes USING (process) WHERE verdict = 'running'
    ORDER BY attempts.start)";

constexpr std::size_t most_cases = 20;
constexpr std::size_t most_lines = 40;

/// Returns the last lines of an output, which tell most.
std::string end_of(const std::string& output) {
    std::size_t from = output.find_last_not_of('\n');
    if (from == std::string::npos) {
        return "";
    }
    const std::string whole = output.substr(0, from + 1);
    for (std::size_t lines = 0; from != std::string::npos && lines < most_lines; ++lines) {
        from = from == 0 ? std::string::npos : whole.rfind('\n', from - 1);
    }
    if (from == std::string::npos) {
        return whole;
    }
    const auto left_out = std::count(whole.begin(), whole.begin() + static_cast<long>(from), '\n');
    return "... " + text::counted(static_cast<std::uint64_t>(left_out) + 1, "line") +
           " before: --json and --html have them\n" + whole.substr(from + 1);
}

std::string time_of(const SQLite::Column& ns) {
    return text::text_of(std::chrono::nanoseconds(ns.getInt64()));
}

std::string text_of_case(SQLite::Statement& row) {
    const auto column = [&](int place) { return row.getColumn(place); };
    std::string text = "  " + printable(column(0).getString());
    text += column(1).isNull() ? "" : ", by " + printable(column(1).getString());
    text += column(2).isNull() ? "" : " in " + time_of(column(2));
    text +=
        column(3).getInt64() < 2 ? "" : ", " + std::to_string(column(3).getInt64()) + " attempts";
    text += column(4).getInt64() == 0 ? "\n" : ", timed out\n";
    text += text::indented(column(5).getString(), 4);
    const std::string output = end_of(column(6).getString());
    text += column(7).isNull() ? "" : "    debug: " + printable(column(7).getString()) + "\n";
    return text +
           (output.empty() ? "" : text::indented("its output:", 4) + text::indented(output, 6));
}

std::string failed_text(run_records& records) {
    SQLite::Statement rows(records.database(), failed_cases);
    std::string all;
    std::size_t count = 0;
    while (rows.executeStep()) {
        all += ++count > most_cases ? "" : text_of_case(rows);
    }
    if (count > most_cases) {
        all +=
            "  and " + std::to_string(count - most_cases) + " more: --json and --html have them\n";
    }
    return all.empty() ? "" : "\nfailed cases\n" + all;
}

/// Returns the texts of a view, below a heading; "" if it has none.
std::string texts_of(const char* view, const std::string& heading, run_records& records) {
    SQLite::Statement rows(records.database(), std::string("SELECT text FROM ") + view);
    std::string all;
    while (rows.executeStep()) {
        all += text::indented(rows.getColumn(0).getString(), 2);
    }
    return all.empty() ? "" : "\n" + heading + "\n" + all;
}

std::string leak_text(run_records& records) {
    SQLite::Statement rows(records.database(), other_leaks);
    std::string all;
    while (rows.executeStep()) {
        all += "  " + printable(rows.getColumn(0).getString()) + ", by " +
               printable(rows.getColumn(1).getString()) + "\n" +
               text::indented(rows.getColumn(2).getString(), 4);
    }
    return all.empty() ? "" : "\nleaks that no failed case tells of\n" + all;
}

std::string running_text(run_records& records) {
    SQLite::Statement rows(records.database(), running_cases);
    std::string all;
    while (rows.executeStep()) {
        all += "  " + printable(rows.getColumn(0).getString()) + ", by " +
               printable(rows.getColumn(1).getString()) + " for " + time_of(rows.getColumn(2)) +
               "\n";
    }
    return all.empty() ? "" : "\nrunning now\n" + all;
}

} // namespace

std::string failure_text(run_records& records) {
    return texts_of("verifications", "verification", records) + running_text(records) +
           failed_text(records) + texts_of("troubles", "outside of cases", records) +
           leak_text(records);
}

} // namespace isolite::cli
