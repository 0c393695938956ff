#include "ledger/account_text.hpp"

#include "text/duration_text.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>
#include <tuple>
#include <utility>

namespace isolite {

namespace {

using std::chrono::nanoseconds;
using text::count_characters;
using text::printable;
using text::text_of;

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

/// Removes all but those that took longest together. Returns a line about the others, if any.
std::vector<std::string> shorten(std::vector<billed_fixture>& fixtures) {
    constexpr std::size_t most = 40;
    if (fixtures.size() <= most) {
        return {};
    }
    std::vector<nanoseconds> totals;
    for (const billed_fixture& each : fixtures) {
        totals.push_back(each.figures.total);
    }
    std::nth_element(totals.begin(), totals.begin() + most, totals.end(), std::greater<>());
    const nanoseconds bound = totals[most];
    auto equals = // of those that took just as long as one that is left out, the first are kept
        most -
        static_cast<std::size_t>(std::count_if(totals.begin(), totals.begin() + most,
                                               [&](nanoseconds each) { return each > bound; }));
    nanoseconds rest{0};
    std::vector<billed_fixture> slow;
    for (billed_fixture& each : fixtures) {
        const nanoseconds total = each.figures.total;
        if (total > bound || (total == bound && equals > 0)) {
            equals -= total == bound ? 1 : 0;
            slow.push_back(std::move(each));
        } else {
            rest += total;
        }
    }
    const std::size_t others = fixtures.size() - slow.size();
    fixtures = std::move(slow);
    return {"and " + text_of(others, "more fixture") + ", which took " + text_of(rest) +
            " together"};
}

/// Returns a name as a table shows it: a longer one would leave no room for the figures.
std::string short_name(std::string_view name) {
    constexpr std::size_t most = 80;
    const std::string dots = "...";
    std::string text = printable(name);
    if (count_characters(text) > most) {
        std::size_t end = 0;
        for (std::size_t i = 0; i < most - dots.size(); ++i) {
            end += text::character_at(text, end).bytes.size();
        }
        text = text.substr(0, end) + dots;
    }
    return text;
}

std::vector<std::string> table_of(const std::vector<billed_fixture>& fixtures) {
    std::vector<row> rows = {{"fixture", "count", "total", "median", "95%", "max"}};
    for (const billed_fixture& each : fixtures) {
        const fixture_figures& figures = each.figures;
        rows.push_back({name_of(each.kind) + (" (" + short_name(each.name) + ")"),
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
           text::percentage(worker.fixtures, busy) + " of both), idle for " + text_of(idle) + " (" +
           text::percentage(idle, worker.life) + " of its life)" +
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
    auto fixtures = account.fixtures();
    const bool any_again =
        std::any_of(fixtures.begin(), fixtures.end(),
                    [](const billed_fixture& each) { return each.figures.count > 1; });
    if (any_again) { // else the table has them
        for (std::string& line :
             slowest_lines("slowest fixtures", account.slowest_fixtures().sorted())) {
            lines.push_back(std::move(line));
        }
    }
    const std::vector<std::string> rest = shorten(fixtures);
    for (std::string& line : table_of(fixtures)) {
        lines.push_back(std::move(line));
    }
    lines.insert(lines.end(), rest.begin(), rest.end());
    return lines;
}

} // namespace isolite
