#include "cli/report_text.hpp"

#include "cli/failure_text.hpp"
#include "text/table.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

#include <SQLiteCpp/Statement.h>

#include <utility>
#include <vector>

namespace isolite::cli {

namespace {

using report::run_records;
using text::printable;
using text::text_of;

enum class format { time, count, words };

struct column {
    const char* title;
    format how;
};

std::string cell_of(const SQLite::Column& value, format how) {
    if (value.isNull()) {
        return "-";
    }
    switch (how) {
    case format::time:
        return text_of(std::chrono::nanoseconds(value.getInt64()));
    case format::count:
        return std::to_string(value.getInt64());
    case format::words:
        break;
    }
    return printable(value.getString());
}

/// Returns the rows of a query under a line that tells what they are; nothing for no rows.
std::string section_text(run_records& records, const std::string& title, const std::string& query,
                         const std::vector<column>& columns) {
    std::vector<text::table_row> rows(1);
    std::vector<text::alignment> alignments;
    for (const column& shown : columns) {
        rows.front().emplace_back(shown.title);
        alignments.push_back(shown.how == format::words ? text::alignment::left
                                                        : text::alignment::right);
    }
    SQLite::Statement found(records.database(), query);
    while (found.executeStep()) {
        text::table_row row;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            row.push_back(cell_of(found.getColumn(static_cast<int>(i)), columns[i].how));
        }
        rows.push_back(std::move(row));
    }
    return rows.size() == 1 ? "" : "\n" + title + "\n" + text::table_text(rows, alignments);
}

std::string time_of(run_records& records, const std::string& query) {
    return text_of(std::chrono::nanoseconds(records.number(query)));
}

/// Returns ", N WORD" for each verdict that any case has.
std::string other_verdicts(run_records& records) {
    std::string text;
    for (const std::string verdict : {"skipped", "not run", "left out", "running"}) {
        const std::int64_t count =
            records.number("SELECT count(*) FROM cases WHERE verdict = '" + verdict + "'");
        text += count == 0 ? "" : ", " + std::to_string(count) + " " + verdict;
    }
    return text;
}

std::string verdict(run_records& records) {
    const std::string said = records.text("SELECT verdict FROM run");
    return said == "running" ? "still running" : said == "empty" ? "no cases" : said;
}

/// Says how far the time of a run reaches whose end nobody has seen: it may have hung for long.
std::string until(run_records& records) {
    return records.text("SELECT verdict FROM run") == "died" ? " until the last sign of life" : "";
}

/// Tells how the programs were started, and where: of the first ones, as far as it is known.
std::string launches(run_records& records) {
    constexpr int most = 5;
    SQLite::Statement rows(records.database(), R"(
        SELECT 'command: ' || command || coalesce(', in ' || directory, '') FROM launches
        WHERE command IS NOT NULL ORDER BY number)");
    std::string text;
    std::uint64_t count = 0;
    while (rows.executeStep()) {
        text += ++count > most ? "" : printable(rows.getColumn(0).getString()) + "\n";
    }
    if (count > most) {
        text += "and " + text::counted(count - most, "command") + " more\n";
    }
    SQLite::Statement hosts(records.database(), R"(
        SELECT 'host: ' || host || coalesce(', ' || system, '')
               || coalesce(', ' || cores || CASE cores WHEN 1 THEN ' core' ELSE ' cores' END, '')
               || coalesce('; isolite ' || isolite, '') || coalesce(', SQLite ' || sqlite, '')
        FROM launches WHERE host IS NOT NULL GROUP BY 1 ORDER BY min(number))");
    while (hosts.executeStep()) {
        text += printable(hosts.getColumn(0).getString()) + "\n";
    }
    return text;
}

std::string head(run_records& records) {
    const auto count = [&](const std::string& query) {
        return static_cast<std::uint64_t>(records.number("SELECT count(*) FROM " + query));
    };
    const std::string flaky = std::to_string(count("cases WHERE flaky"));
    return "run " + printable(records.id()) + ", " +
           text::time_in_words(records.number("SELECT began FROM run")) + ", " +
           printable(records.text("SELECT group_concat(program, ', ') FROM"
                                  " (SELECT program FROM processes GROUP BY program"
                                  " ORDER BY min(process))")) +
           ": " + verdict(records) + "\n" + text::counted(count("cases"), "case") + " in " +
           time_of(records, "SELECT wall_ns FROM run") + until(records) + " by " +
           text::counted(count("workers"), "worker") + ": " +
           std::to_string(count("cases WHERE verdict = 'passed'")) + " passed" +
           (flaky == "0" ? "" : " (" + flaky + " flaky)") + ", " +
           std::to_string(count("cases WHERE verdict = 'failed'")) + " failed" +
           other_verdicts(records) + "\n" + launches(records);
}

std::string share(run_records& records) {
    const std::int64_t tests = records.number("SELECT sum(tests_ns) FROM workers");
    const std::int64_t fixtures = records.number("SELECT sum(fixtures_ns) FROM workers");
    const auto work = static_cast<double>(tests) + static_cast<double>(fixtures);
    const auto percent =
        work > 0 ? static_cast<int>(100 * (static_cast<double>(fixtures) / work)) : 0;
    return "the workers spent " + text_of(std::chrono::nanoseconds(tests)) + " in tests and " +
           text_of(std::chrono::nanoseconds(fixtures)) + " in fixtures (" +
           std::to_string(percent) + "%)\n";
}

std::string sharing(run_records& records) {
    if (records.number("SELECT per_test_ns IS NULL FROM sharing") != 0) {
        return "";
    }
    const std::int64_t saved = records.number("SELECT per_test_ns - fixtures_ns FROM sharing");
    return "seeding once for each test would have taken " +
           time_of(records, "SELECT per_test_ns FROM sharing") + "; all fixtures took " +
           time_of(records, "SELECT fixtures_ns FROM sharing") + ": " +
           text_of(std::chrono::nanoseconds(saved < 0 ? -saved : saved)) +
           (saved < 0 ? " more" : " saved") + "\n";
}

constexpr const char* slowest_fixtures =
    R"(SELECT ns, worker, kind, coalesce(name, '-') || coalesce(' for ' || test, '')
       FROM slowest_fixtures)";
constexpr const char* leaks = R"(SELECT rows, pages, worker, database, test FROM leaks)";
constexpr const char* ended_early =
    R"(SELECT start, end, pid, worker,
              coalesce((SELECT text FROM deaths WHERE deaths.process = processes.process LIMIT 1),
                       'no end was recorded') || coalesce(', in ' ||
              (SELECT test FROM attempts WHERE attempts.process = processes.process AND ns IS NULL
               ORDER BY number DESC LIMIT 1),
              ', in ' || (SELECT test FROM deaths WHERE deaths.process = processes.process LIMIT 1),
              '')
       FROM processes WHERE ended_early)";
constexpr const char* changes =
    R"(SELECT abs(new_ns - old_ns), old_ns, new_ns, noise_ns, test FROM )";

std::string changed(run_records& records, const std::string& which) {
    return section_text(records,
                        which + " than in " + printable(records.text("SELECT old FROM source")),
                        changes + which + " LIMIT 10",
                        {{"BY", format::time},
                         {"THEN", format::time},
                         {"NOW", format::time},
                         {"NOISE", format::time},
                         {"CASE", format::words}});
}

} // namespace

std::string comparison_text(run_records& records) {
    const auto count = [&](const std::string& from) {
        return std::to_string(records.number("SELECT count(*) FROM " + from));
    };
    const auto count_if_any = [&](const std::string& from, const std::string& words) {
        const std::string number = count(from);
        return number == "0" ? "" : ", " + number + " " + words;
    };
    return changed(records, "slower") + changed(records, "faster") + "\ncompared with " +
           printable(records.text("SELECT old FROM source")) + ": " + count("slower") +
           " slower, " + count("faster") + " faster, " +
           count(R"(changes WHERE change = 'within noise')") + " within noise" +
           count_if_any(R"(changes WHERE change = 'unknown')", "seldom timed") +
           count_if_any("only_old", "only then") + count_if_any("only_new", "only now") + "\n";
}

std::string report_text(run_records& records) {
    return head(records) + share(records) + sharing(records) + failure_text(records) +
           section_text(records, "workers",
                        "SELECT cases, wall_ns, tests_ns, fixtures_ns, idle_ns, replacements, name"
                        " FROM workers",
                        {{"CASES", format::count},
                         {"WALL", format::time},
                         {"TESTS", format::time},
                         {"FIXTURES", format::time},
                         {"IDLE", format::time},
                         {"REPLACED", format::count},
                         {"WORKER", format::words}}) +
           section_text(
               records, "fixtures",
               "SELECT count, total_ns, median_ns, p95_ns, max_ns, kind, name FROM fixtures",
               {{"COUNT", format::count},
                {"TOTAL", format::time},
                {"MEDIAN", format::time},
                {"95%", format::time},
                {"MAX", format::time},
                {"KIND", format::words},
                {"NAME", format::words}}) +
           section_text(
               records, "slowest cases",
               "SELECT ns - fixtures_ns, fixtures_ns, worker, verdict, test FROM slowest_cases",
               {{"TEST", format::time},
                {"FIXTURES", format::time},
                {"WORKER", format::words},
                {"VERDICT", format::words},
                {"CASE", format::words}}) +
           section_text(records, "slowest fixtures", slowest_fixtures,
                        {{"TIME", format::time},
                         {"WORKER", format::words},
                         {"KIND", format::words},
                         {"NAME", format::words}}) +
           section_text(records, "leaks", leaks,
                        {{"ROWS", format::count},
                         {"PAGES", format::count},
                         {"WORKER", format::words},
                         {"DATABASE", format::words},
                         {"CASE", format::words}}) +
           section_text(records, "ended early", ended_early,
                        {{"BEGAN AT", format::time},
                         {"LAST SEEN", format::time},
                         {"PID", format::count},
                         {"WORKER", format::words},
                         {"WHY", format::words}}) +
           (records.number("SELECT old IS NULL FROM source") != 0 ? "" : comparison_text(records));
}

} // namespace isolite::cli
