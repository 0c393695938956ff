#include "results/told_failure.hpp"

#include "text/long_text.hpp"
#include "text/utf8.hpp"
#include "text/width.hpp"
#include "text/words.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

namespace isolite::results {

namespace {

using text::printable;

/// How wide a line may become that is continued by the next ones.
constexpr std::size_t most_columns = 160;

bool is_digit(char letter) {
    return std::isdigit(static_cast<unsigned char>(letter)) != 0;
}

/// What a framework says of a failure, taken apart.
struct placed_text {
    std::string place;
    std::string rest;
};

/// Takes the place from the front of a text: "FILE(LINE): ", or "FILE:LINE: " as GoogleTest writes
/// it. Nothing if it does not begin with one: behind a sentence and its colon, as in "cannot apply
/// the seed: schema.sql:3:1: ", no place of a test stands.
std::optional<placed_text> taken_apart(const std::string& line) {
    const std::size_t sentence = line.find(": ");
    for (std::size_t end = line.find(':'); end <= sentence && end != std::string::npos;
         end = line.find(':', end + 1)) {
        const bool is_closed = end > 0 && line[end - 1] == ')';
        const std::size_t after_digits = is_closed ? end - 1 : end;
        std::size_t digits = after_digits;
        while (digits > 0 && is_digit(line[digits - 1])) {
            --digits;
        }
        const char opening = is_closed ? '(' : ':';
        if (digits < 2 || digits == after_digits || line[digits - 1] != opening) {
            continue;
        }
        const std::size_t rest = std::min(line.find_first_not_of(' ', end + 1), line.size());
        return placed_text{line.substr(0, digits - 1) + "(" +
                               line.substr(digits, after_digits - digits) + ")",
                           line.substr(rest)};
    }
    return std::nullopt;
}

/// Returns a reason without what stands on the line before it: the name of the case, of which most
/// leaks are told.
std::string without_case(std::string reason, const std::string& name) {
    const std::string start = "cannot end '" + name + "' with a clean database: it ";
    return reason.compare(0, start.size(), start) == 0 ? reason.substr(start.size()) : reason;
}

/// Returns the line that begins there, without blanks in front.
std::string line_at(const std::string& text, std::size_t at) {
    const std::size_t start = std::min(text.find_first_not_of(" \t", at), text.size());
    return text.substr(start, std::min(text.find('\n', start), text.size()) - start);
}

/// Adds the lines that say what was expected, and what it was instead, behind the end of the first.
std::string with_expectation(std::string first, const std::string& text, std::size_t end) {
    bool has_more = false;
    while (end < text.size()) {
        const std::string line = line_at(text, end + 1);
        if (line.rfind("Actual: ", 0) != 0 && line.rfind("Expected: ", 0) != 0) {
            break;
        }
        if (!first.empty() && first.back() == '.') {
            first.pop_back();
        }
        first += "; " + line;
        has_more = true;
        end = std::min(text.find('\n', end + 1), text.size());
    }
    return has_more ? text::shortened(first, most_columns) : text::first_line(first);
}

/// Returns the first line of a text, and what comes behind it if that belongs to it.
std::string beginning_of(const std::string& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string first = text.substr(0, end);
    if (first.empty() || first.back() != ':' || end == text.size()) {
        return with_expectation(first, text, end);
    }
    for (std::size_t at = end; at < text.size();) {
        const std::size_t start = std::min(text.find_first_not_of(" \n\t", at), text.size());
        at = std::min(text.find('\n', start), text.size());
        const std::string line = text.substr(start, at - start);
        if (taken_apart(line)) { // the next failure
            break;
        }
        first += (line.empty() ? "" : " ") + line;
    }
    return text::shortened(first, most_columns);
}

} // namespace

std::string sentence(std::string text) {
    text.erase(text.find_last_not_of('\n') + 1);
    const bool is_cut = text.size() > 1 && text[text.size() - 2] == '.';
    if (!text.empty() && text.back() == '.' && !is_cut) {
        text.pop_back();
    }
    std::string all;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        all += (start == 0 ? "" : "\n    ") + printable(text.substr(start, end - start));
        start = end + 1;
    }
    return all;
}

std::string place_and_reason(const test_case& of, const std::string& why) {
    auto told = taken_apart(why.substr(0, why.find('\n')));
    const std::string line = of.line > 0 ? "(" + std::to_string(of.line) + ")" : "";
    std::string place = told ? told->place : of.file.empty() ? "" : of.file + line;
    const std::size_t start = told ? why.find(told->rest) : 0;
    const std::string reason =
        beginning_of(without_case(why.substr(std::min(start, why.size())), of.name));
    place += place.empty() || reason.empty() ? "" : ": ";
    return printable(place + reason);
}

std::string told_failure(const test_case& of, const case_result& result) {
    const char* const became = result.flaky()     ? "flaky: "
                               : result.timed_out ? "timed out: "
                               : result.died      ? "died: "
                                                  : "failed: ";
    const std::string often = result.attempts > 1
                                  ? " (failed " + std::to_string(result.failures) + " of " +
                                        text::counted(result.attempts, "time") + ")"
                                  : "";
    const std::string reason = sentence(place_and_reason(of, result.why));
    return became + printable(of.name) + often + (reason.empty() ? "" : "  " + reason);
}

} // namespace isolite::results
