#include "verify/report.hpp"

#include "text/json_text.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "verify/again.hpp"
#include "verify/sentences.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace isolite::verify {

namespace {

using results::test_case;
using results::verdict;
using text::counted;
using text::json_text;

constexpr std::size_t most_lines_of_why = 6; // GoogleTest writes each value on two
constexpr std::size_t most_leftovers = 20;

template <typename Values, typename Write>
std::string json_array(const Values& values, Write write) {
    std::string made;
    for (const auto& each : values) {
        made += (made.empty() ? "" : ",") + write(each);
    }
    return "[" + made + "]";
}

const char* kind_called(finding::what kind) {
    switch (kind) {
    case finding::what::after:
        return "after";
    case finding::what::beside:
        return "beside";
    case finding::what::within:
        return "within";
    case finding::what::unsure:
        return "unsure";
    case finding::what::message:
        return "message";
    case finding::what::changes:
        break;
    }
    return "changes";
}

/// The cases that depend on something.
struct dependents {
    std::set<std::size_t> on_others;
    std::set<std::size_t> on_themselves; ///< and on nobody else
    std::set<std::size_t> on_conditions;

    explicit dependents(const std::vector<finding>& findings) {
        for (const finding& each : findings) {
            const auto is_itself = [&each](std::size_t culprit) { return culprit == each.victim; };
            if (each.kind == finding::what::within) {
                on_conditions.insert(each.victim);
            } else if (each.kind != finding::what::unsure) {
                const bool is_alone =
                    std::all_of(each.culprits.begin(), each.culprits.end(), is_itself);
                (is_alone ? on_themselves : on_others).insert(each.victim);
            }
        }
    }

    /// Returns it in words: "1 of 7 cases depends on others, and 2 on conditions"; "" if none does.
    [[nodiscard]] std::string text(const std::string& of_all) const {
        std::vector<std::string> parts;
        const auto add = [&](const std::set<std::size_t>& some, const char* on_what) {
            const char* const depend = some.size() == 1 ? " depends" : " depend";
            if (!some.empty()) {
                parts.push_back(std::to_string(some.size()) +
                                (parts.empty() ? of_all + depend : "") + " on " + on_what);
            }
        };
        add(on_others, "others");
        add(on_themselves,
            on_themselves.size() == 1 ? "an earlier run of itself" : "earlier runs of themselves");
        add(on_conditions, "conditions");
        std::string all;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            all += (i == 0 ? "" : i + 1 == parts.size() ? ", and " : ", ") + parts[i];
        }
        return all;
    }
};

/// Returns how many cases differ of which nobody knows why: "1 of 7 cases differs by chance, and 2
/// for reasons that the budget was too short to find".
std::string unsure_ones(const std::vector<finding>& findings, const std::string& of_all) {
    const auto by_chance = static_cast<std::size_t>(std::count_if(
        findings.begin(), findings.end(), [](const finding& each) { return each.is_smallest; }));
    const std::size_t others = findings.size() - by_chance;
    const auto differ = [](std::size_t count) { return count == 1 ? " differs" : " differ"; };
    const std::string why = " for reasons that the budget was too short to find";
    if (by_chance == 0) {
        return std::to_string(others) + of_all + differ(others) + why;
    }
    return std::to_string(by_chance) + of_all + differ(by_chance) + " by chance" +
           (others > 0 ? ", and " + std::to_string(others) + why : "");
}

std::string verdict_line(const verification& all) {
    if (all.interrupted_by != 0) {
        return "could not tell: the verification was stopped";
    }
    const std::string of = " of " + counted(all.cases, "case");
    if (const std::string who = dependents(all.findings).text(of); !who.empty()) {
        return "not isolated: " + who;
    }
    if (!all.findings.empty()) {
        return "could not tell: " + unsure_ones(all.findings, of);
    }
    if (all.has_compared_nothing()) {
        return "could not tell: the budget ended before a second experiment";
    }
    return "isolated: none" + of + " depends on others";
}

std::string effort(const verification& all) {
    std::string said =
        counted(all.experiments, "experiment") + " in " + text::text_of(all.taken) + ": " +
        counted(all.orders, "order") +
        (all.twice > 0 ? ", " + std::to_string(all.twice) + " twice in one process" : "") + ", " +
        counted(all.run_alone, "case") + " alone, " + std::to_string(all.in_parallel) +
        " in parallel";
    if (!all.conditions.empty()) {
        said += ", " + counted(all.conditions.size(), "condition");
    }
    return all.was_cut ? said + "; a larger --budget tries more" : said;
}

/// Returns what cases leave behind, a line for all that leave the same.
std::string leftovers_of(const verification& all, const std::vector<test_case>& cases) {
    std::vector<std::string> left;
    std::map<std::string, std::vector<std::size_t>> by;
    for (const leftover& each : all.leftovers) {
        const std::string traces = all_traces(each.traces);
        std::vector<std::size_t>& positions = by[traces];
        if (positions.empty()) {
            left.push_back(traces);
        }
        positions.push_back(each.position);
    }
    std::string said = left.empty() ? "" : "  what cases leave behind:\n";
    for (std::size_t i = 0; i < std::min(left.size(), most_leftovers); ++i) {
        const std::vector<std::size_t>& positions = by[left[i]];
        const std::size_t others = positions.size() - 1;
        said += "    " + name_of(positions.front(), cases) + " " + left[i] +
                (others == 0   ? ""
                 : others == 1 ? ", and so does another case"
                               : ", and so do " + std::to_string(others) + " other cases") +
                "\n";
    }
    if (left.size() > most_leftovers) {
        said += "    and " + counted(left.size() - most_leftovers, "other line") + "\n";
    }
    return said;
}

/// Returns what differs although verdicts do not.
std::string differences_of(const verification& all, const report_background& background) {
    std::string said;
    for (const finding& each : all.differences) {
        said += "    " + sentence_of(each, all, background.cases) + "\n";
        const auto quote = [&said](const char* where, const std::string& line) {
            said += "      " + (where + (line.empty() ? "nothing" : text::printable(line))) + "\n";
        };
        if (!each.said_alone.empty() || !each.said_otherwise.empty()) {
            quote("alone: ", each.said_alone);
            quote("then: ", each.said_otherwise);
        }
        said += "      again: " + background.again(each) + "\n";
    }
    if (all.more_differences > 0) {
        said += "    " + counted(all.more_differences, "other case") + ", not looked into\n";
    }
    return said.empty() ? said : "  what differs, although the verdicts do not:\n" + said;
}

/// Returns the lines of a message that are worth reading here, indented.
std::string first_lines_of(const std::string& why) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < most_lines_of_why && end != std::string::npos; ++i) {
        end = why.find('\n', end == 0 ? 0 : end + 1);
    }
    return why.empty() ? "" : text::indented(text::printable_lines(why.substr(0, end)) + "\n", 4);
}

/// Returns why cases fail in every order, of the first few.
std::string whys_of(const verification& all, const std::vector<test_case>& cases) {
    constexpr std::size_t most = 3;
    std::string said;
    for (std::size_t i = 0; i < std::min(most, all.failed.size()); ++i) {
        const std::size_t position = all.failed[i];
        if (position < all.usual.size() && !all.usual[position].why.empty()) {
            said += first_lines_of(name_of(position, cases) + ": " + all.usual[position].why);
        }
    }
    return said;
}

} // namespace

std::string text_of(const verification& all, const report_background& background) {
    std::string said = verdict_line(all) + "\n  " + effort(all) + "\n";
    for (const finding& each : all.findings) {
        said += "  " + sentence_of(each, all, background.cases) + "\n";
        said += first_lines_of(each.why);
        constexpr std::size_t most_letters = 4000; // which nobody copies
        const std::string again = again_of(each, all, background);
        const bool shows = each.kind != finding::what::unsure || each.is_smallest;
        if (shows && again.size() <= most_letters) {
            said += "    again: " + again + "\n";
        }
    }
    said += differences_of(all, background);
    said += leftovers_of(all, background.cases);
    for (const std::string& each : all.untried) {
        said += "  not tried: " + each + "\n";
    }
    if (!all.with_two_clocks.empty()) {
        said += "  not judged, as they fail with any other clock: " +
                names_of(all.with_two_clocks, background.cases) + "\n";
    }
    if (!background.put_aside.empty()) {
        said += "  files that cases made in the working directory were moved to " +
                text::printable(background.put_aside) + "\n";
    }
    if (!all.failed.empty()) {
        said += "  nothing is known of what fails in every order: " +
                names_of(all.failed, background.cases) + "\n" + whys_of(all, background.cases);
    }
    return said;
}

std::string json_of(const verification& all, const report_background& background) {
    const auto name = [&](std::size_t position) {
        return json_text(background.cases[position].name);
    };
    const auto names = [&](const std::vector<std::size_t>& some) { return json_array(some, name); };
    const auto write_condition = [](const run::condition& each) {
        return json_text(run::text_of(each));
    };
    const auto write_finding = [&](const finding& each) {
        return std::string("{\"kind\":\"") + kind_called(each.kind) +
               "\",\"case\":" + name(each.victim) +
               ",\"alone\":" + json_text(results::name_of(each.alone)) +
               ",\"otherwise\":" + json_text(results::name_of(each.otherwise)) +
               ",\"culprits\":" + names(each.culprits) + ",\"cleaners\":" + names(each.cleaners) +
               ",\"conditions\":" + json_array(each.conditions, write_condition) +
               ",\"unlike\":" + (each.unlike ? write_condition(*each.unlike) : "null") +
               ",\"statement\":" + json_text(each.statement) +
               ",\"said_alone\":" + json_text(each.said_alone) +
               ",\"said_otherwise\":" + json_text(each.said_otherwise) +
               ",\"is_smallest\":" + (each.is_smallest ? "true" : "false") +
               ",\"runs\":" + std::to_string(each.runs) +
               ",\"failures\":" + std::to_string(each.failures) +
               ",\"sentence\":" + json_text(sentence_of(each, all, background.cases)) +
               ",\"why\":" + json_text(each.why) +
               ",\"again\":" + json_text(again_of(each, all, background)) + "}";
    };
    const auto write_leftover = [&](const leftover& each) {
        return "{\"case\":" + name(each.position) + ",\"leaves\":" +
               json_array(each.traces, [](const trace& one) { return json_text(one.sentence); }) +
               "}";
    };
    const int status = status_of(all);
    return std::string("{\"verdict\":\"") +
           (status == 0   ? "isolated"
            : status == 1 ? "not isolated"
                          : "could not tell") +
           "\",\"cases\":" + std::to_string(all.cases) +
           ",\"experiments\":" + std::to_string(all.experiments) +
           ",\"orders\":" + std::to_string(all.orders) + ",\"twice\":" + std::to_string(all.twice) +
           ",\"run_alone\":" + std::to_string(all.run_alone) +
           ",\"in_parallel\":" + std::to_string(all.in_parallel) +
           ",\"conditions\":" + json_array(all.conditions, write_condition) +
           ",\"untried\":" + json_array(all.untried, json_text) +
           ",\"with_two_clocks\":" + names(all.with_two_clocks) +
           ",\"was_cut\":" + (all.was_cut ? "true" : "false") +
           ",\"findings\":" + json_array(all.findings, write_finding) +
           ",\"differences\":" + json_array(all.differences, write_finding) +
           ",\"more_differences\":" + std::to_string(all.more_differences) +
           ",\"leftovers\":" + json_array(all.leftovers, write_leftover) +
           ",\"failed\":" + names(all.failed) + "}\n";
}

int status_of(const verification& all) {
    if (all.has_dependent()) {
        return 1;
    }
    const bool is_unknown =
        !all.findings.empty() || all.interrupted_by != 0 || all.has_compared_nothing();
    return is_unknown ? 3 : 0;
}

} // namespace isolite::verify
