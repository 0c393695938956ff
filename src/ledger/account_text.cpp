#include "ledger/account_text.hpp"

#include "text/table.hpp"
#include "text/utf8.hpp"
#include "text/width.hpp"
#include "text/words.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace isolite::records {

namespace {

using std::chrono::nanoseconds;
using text::printable;
using text::text_of;

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
    return {"and " + text::counted(others, "more fixture") + ", which took " + text_of(rest) +
            " together"};
}

/// Returns a table of fixtures, a line each. A longer name would leave no room for the figures.
std::vector<std::string> table_of(const std::vector<billed_fixture>& fixtures) {
    constexpr std::size_t longest_name = 80;
    std::vector<text::table_row> rows = {{"fixture", "count", "total", "median", "95%", "max"}};
    for (const billed_fixture& each : fixtures) {
        const fixture_figures& figures = each.figures;
        const std::string name = text::shortened(printable(each.name), longest_name);
        rows.push_back({name_of(each.kind) + (" (" + name + ")"), std::to_string(figures.count),
                        text_of(figures.total), text_of(figures.median),
                        text_of(figures.percentile_95), text_of(figures.max)});
    }
    return rows.size() > 1
               ? text::table_lines(rows, {text::alignment::left, text::alignment::right,
                                          text::alignment::right, text::alignment::right,
                                          text::alignment::right, text::alignment::right})
               : std::vector<std::string>();
}

} // namespace

std::string line_of(const worker_account& worker) {
    const nanoseconds busy = worker.tests + worker.fixtures;
    const nanoseconds idle = std::max(worker.life - busy, nanoseconds(0));
    return printable(worker.name) + ": " + text::counted(worker.cases, "case") + ", " +
           text_of(worker.tests) + " in tests, " + text_of(worker.fixtures) + " in fixtures (" +
           text::percentage(worker.fixtures, busy) + " of both), idle for " + text_of(idle) + " (" +
           text::percentage(idle, worker.life) + " of its life)" +
           (worker.replacements > 0 ? ", " + text::counted(worker.replacements, "replacement")
                                    : "");
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

std::vector<std::string> lines_of_seeds_alone(const account& account) {
    std::vector<std::string> lines;
    for (const auto& [seed, why] : account.seeds_alone()) {
        lines.push_back("every worker seeds '" + printable(seed) +
                        "' for itself: " + printable(why) + ".");
    }
    return lines;
}

std::string paragraph_of(const account& account, const worker_account& process) {
    std::string text = "isolite: worker " + line_of(process) + ".";
    for (const auto& lines : {slowest_lines("slowest tests", account.slowest_tests().sorted()),
                              lines_of(account), lines_of_seeds_alone(account)}) {
        for (const std::string& line : lines) {
            text += "\n  " + line;
        }
    }
    return text;
}

} // namespace isolite::records
