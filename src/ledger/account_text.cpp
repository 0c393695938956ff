#include "ledger/account_text.hpp"

#include "error/utf8.hpp"
#include "ledger/duration_text.hpp"

#include <algorithm>
#include <array>

namespace isolite {

namespace {

using std::chrono::nanoseconds;

using row = std::array<std::string, 6>;

/// Returns a table whose first column stands left and whose others stand right.
std::vector<std::string> table(const std::vector<row>& rows) {
    std::array<std::size_t, std::tuple_size_v<row>> widths{};
    for (const row& each : rows) {
        for (std::size_t i = 0; i < each.size(); ++i) {
            widths[i] = std::max(widths[i], count_characters(each[i]));
        }
    }
    std::vector<std::string> lines;
    for (const row& each : rows) {
        std::string line = each[0] + std::string(widths[0] - count_characters(each[0]), ' ');
        for (std::size_t i = 1; i < each.size(); ++i) {
            line += "  " + std::string(widths[i] - each[i].size(), ' ') + each[i];
        }
        lines.push_back(line);
    }
    return lines;
}

std::vector<std::string> table_of(const std::vector<billed_fixture>& fixtures) {
    std::vector<row> rows = {{"fixture", "count", "total", "median", "95%", "max"}};
    for (const billed_fixture& each : fixtures) {
        const fixture_figures& figures = each.figures;
        rows.push_back({name_of(each.kind) + (" (" + printable(each.name) + ")"),
                        std::to_string(figures.count), text_of(figures.total),
                        text_of(figures.median), text_of(figures.percentile_95),
                        text_of(figures.max)});
    }
    return rows.size() > 1 ? table(rows) : std::vector<std::string>();
}

} // namespace

std::string line_of(const worker_account& worker) {
    const nanoseconds busy = worker.tests + worker.fixtures;
    const nanoseconds idle = std::max(worker.life - busy, nanoseconds(0));
    return printable(worker.name) + ": " + text_of(worker.cases, "case") + ", " +
           text_of(worker.tests) + " in tests, " + text_of(worker.fixtures) + " in fixtures (" +
           percentage(worker.fixtures, busy) + " of both), idle for " + text_of(idle) + " (" +
           percentage(idle, worker.life) + " of its life)" +
           (worker.replacements > 0 ? ", " + text_of(worker.replacements, "replacement") : "");
}

std::vector<std::string> slowest_lines(const char* what, const std::vector<slow_thing>& things) {
    constexpr std::size_t width = 9; // of the longest time: 12345.6 s
    std::vector<std::string> lines;
    if (!things.empty()) {
        lines.push_back(what + std::string(":"));
    }
    for (const slow_thing& each : things) {
        const std::string time = text_of(each.time);
        lines.push_back(std::string(width - std::min(time.size(), width), ' ') + time + "  " +
                        printable(each.what));
    }
    return lines;
}

std::vector<std::string> lines_of(const account& account) {
    std::vector<std::string> lines;
    const auto without = account.cost_without_sharing();
    const nanoseconds spent = account.time_in_fixtures();
    if (without.each_test > spent) {
        lines.push_back("seeding for each test would have taken " + text_of(without.each_test) +
                        ", for each worker " + text_of(without.each_worker) +
                        "; all fixtures together took " + text_of(spent) + ", so sharing saved " +
                        text_of(without.each_test - spent) + ".");
    }
    const auto fixtures = account.fixtures();
    const bool any_again =
        std::any_of(fixtures.begin(), fixtures.end(),
                    [](const billed_fixture& each) { return each.figures.count > 1; });
    if (any_again) { // else the table has them
        for (std::string& line :
             slowest_lines("slowest fixtures", account.slowest_fixtures().sorted())) {
            lines.push_back(std::move(line));
        }
    }
    for (std::string& line : table_of(fixtures)) {
        lines.push_back(std::move(line));
    }
    return lines;
}

} // namespace isolite
