#include "verify/sentences.hpp"

#include "text/utf8.hpp"
#include "text/words.hpp"

#include <algorithm>
#include <iterator>

namespace isolite::verify {

namespace {

using results::test_case;
using results::verdict;
using text::counted;

constexpr std::size_t most_named = 6;

/// Returns "a", "a and b", or "a, b and c".
std::string joined(const std::vector<std::string>& parts) {
    std::string all;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool is_last = i + 1 == parts.size();
        all += (i == 0 ? "" : is_last ? " and " : ", ") + parts[i];
    }
    return all;
}

/// Returns each of them once, where it stands first.
std::vector<std::size_t> distinct(const std::vector<std::size_t>& some) {
    std::vector<std::size_t> all;
    std::copy_if(some.begin(), some.end(), std::back_inserter(all), [&all](std::size_t each) {
        return std::find(all.begin(), all.end(), each) == all.end();
    });
    return all;
}

const std::vector<trace>* traces_of(std::size_t position, const verification& all) {
    const auto found =
        std::find_if(all.leftovers.begin(), all.leftovers.end(),
                     [position](const leftover& each) { return each.position == position; });
    return found == all.leftovers.end() ? nullptr : &found->traces;
}

/// Returns the first of them: nobody reads a sentence of many.
std::string first_traces(const std::vector<trace>& traces) {
    return traces.size() <= most_named
               ? all_traces(traces)
               : all_traces({traces.begin(), traces.begin() + most_named}) + ", and more";
}

/// Returns what is known of what the culprits leave: ", which sets ..." where there is one. Of more
/// than are named nobody wants to read it.
std::string deeds_of(const finding& found, const verification& all,
                     const std::vector<test_case>& cases) {
    std::string said;
    if (found.culprits.size() > most_named) {
        return said;
    }
    const std::vector<std::size_t> culprits = distinct(found.culprits);
    for (const std::size_t culprit : culprits) {
        if (const auto* const traces = traces_of(culprit, all)) {
            said += culprits.size() > 1       ? "; " + name_of(culprit, cases) + " "
                    : culprit == found.victim ? ": it "
                                              : ", which ";
            said += first_traces(*traces);
        }
    }
    return said;
}

const char* does(verdict became) {
    return became == verdict::failed    ? "fails"
           : became == verdict::skipped ? "is skipped"
                                        : "passes";
}

/// Returns what must not be there for a case to fail alone: files that others make.
std::string missing_files(const finding& found, const verification& all) {
    std::vector<std::string> names;
    for (const std::size_t culprit : distinct(found.culprits)) {
        if (const auto* const traces = traces_of(culprit, all)) {
            for (const trace& each : *traces) {
                if (each.kind == trace::what::file) {
                    names.push_back(text::printable(each.name));
                }
            }
        }
    }
    if (found.alone == verdict::passed || names.empty() || names.size() > most_named) {
        return "";
    }
    return std::string("; alone it ") + does(found.alone) + " while " + joined(names) +
           (names.size() == 1 ? " is" : " are") + " not there";
}

/// Returns where, or when, a condition holds: "in the time zone Europe/Berlin".
std::string place_of(const run::condition& held) {
    using kind = run::condition::what;
    std::string value = text::printable(held.value);
    switch (held.kind) {
    case kind::zone:
        return "in the time zone " + value;
    case kind::locale:
        return "in the locale " + value;
    case kind::clock:
        std::replace(value.begin(), value.end(), 'T', ' ');
        return "at " + value;
    case kind::random:
        return "when SQLite's random numbers begin at " + value;
    case kind::rows:
        return "when SQLite reverses rows that have no order";
    case kind::addresses:
        return "when blocks of memory come in " + value + " order";
    case kind::memory:
        break;
    }
    return value == "junk" ? "when fresh and freed memory holds junk"
                           : "when fresh memory holds zeros";
}

std::string places_of(const std::vector<run::condition>& held) {
    std::string said;
    for (const run::condition& each : held) {
        said += (said.empty() ? "" : " and ") + place_of(each);
    }
    return said;
}

/// Returns the same of the condition in which the case is what it usually is, behind the other one.
std::string place_unlike(const run::condition& held) {
    switch (held.kind) {
    case run::condition::what::random:
        return "when they begin at " + held.value;
    case run::condition::what::addresses:
        return "when they come in " + held.value + " order";
    default:
        return place_of(held);
    }
}

/// Returns the sentence about a case that is another one in conditions.
std::string sentence_within(const finding& found, const std::vector<test_case>& cases) {
    std::string said = name_of(found.victim, cases) + " ";
    if (found.alone == verdict::failed) {
        said += std::string(does(found.alone)) + ", and ";
    }
    said += does(found.otherwise) + (" " + places_of(found.conditions));
    if (!found.culprits.empty()) {
        said += " after " + names_of(found.culprits, cases);
    }
    if (found.unlike) {
        said += std::string(", and ") + does(found.alone) + " " + place_unlike(*found.unlike);
    }
    if (!found.statement.empty()) {
        said += ": ORDER BY is missing in " + text::printable(found.statement);
    }
    return said;
}

/// Returns why no more was tried.
std::string end_of(const verification& all) {
    return all.interrupted_by != 0 ? "it was stopped" : "the budget ended";
}

/// Returns how a case differs of which nobody knows why: it reads before its counts.
std::string manner_of(const finding& found, const std::string& end) {
    if (!found.is_smallest) {
        return " differs, and " + end + " before its cause was found: it failed in ";
    }
    if (found.has_failed_since) {
        return " passed at first, and has failed ever since, as if something stayed outside of the "
               "working directory and of temporary files: it failed in ";
    }
    return found.only_beside ? " differs while others run in other workers: it failed in "
                             : " differs by itself: it failed in ";
}

/// Returns what a case is behind: "after a, b twice and c when it has run before in the process".
std::string circumstances_of(const finding& found, const std::vector<test_case>& cases) {
    std::vector<std::size_t> others = found.culprits;
    others.erase(std::remove(others.begin(), others.end(), found.victim), others.end());
    std::string said = others.empty() ? "" : " after " + names_of(others, cases);
    if (others.size() < found.culprits.size()) {
        said += " when it has run before in the process";
    }
    return said;
}

} // namespace

std::string name_of(std::size_t position, const std::vector<test_case>& cases) {
    return text::printable(cases[position].name);
}

std::string names_of(const std::vector<std::size_t>& positions,
                     const std::vector<test_case>& cases) {
    const std::vector<std::size_t> all = distinct(positions);
    const std::size_t left_out = all.size() > most_named ? all.size() - most_named : 0;
    std::vector<std::string> names;
    if (left_out > 0) {
        names.push_back(counted(left_out, "other case"));
    }
    for (std::size_t i = left_out; i < all.size(); ++i) {
        const auto times = std::count(positions.begin(), positions.end(), all[i]);
        names.push_back(name_of(all[i], cases) + (times > 1 ? " twice" : ""));
    }
    return joined(names);
}

std::string all_traces(const std::vector<trace>& traces) {
    std::vector<std::string> sentences;
    for (const trace& each : traces) {
        sentences.push_back(text::printable(each.sentence));
    }
    return joined(sentences);
}

std::string sentence_of(const finding& found, const verification& all,
                        const std::vector<test_case>& cases) {
    const std::string victim = name_of(found.victim, cases);
    std::string said;
    switch (found.kind) {
    case finding::what::after:
        said = victim + " " +
               (found.alone == verdict::passed
                    ? std::string(does(found.otherwise))
                    : std::string(does(found.alone)) + " alone, and " + does(found.otherwise)) +
               circumstances_of(found, cases) + deeds_of(found, all, cases);
        said += missing_files(found, all);
        said += found.cleaners.empty()
                    ? ""
                    : "; not if " + names_of(found.cleaners, cases) +
                          (found.cleaners.size() == 1 ? " runs" : " run") + " in between";
        break;
    case finding::what::beside:
        said = victim + " " + does(found.otherwise) + " while " + names_of(found.culprits, cases) +
               (found.culprits.size() == 1 ? " runs" : " run") + " in another worker";
        break;
    case finding::what::within:
        said = sentence_within(found, cases);
        break;
    case finding::what::message:
    case finding::what::changes:
        said = victim +
               (found.kind == finding::what::message ? " fails with another message"
                                                     : " changes its databases in another way") +
               circumstances_of(found, cases) + deeds_of(found, all, cases);
        break;
    case finding::what::unsure:
        return victim + manner_of(found, end_of(all)) + std::to_string(found.failures) + " of " +
               counted(found.runs, "run");
    }
    return said +
           (found.is_smallest ? "" : "; " + end_of(all) + " before fewer cases could be tried");
}

} // namespace isolite::verify
