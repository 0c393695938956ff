#include "run/option_rules.hpp"

#include "text/numbers.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <random>

namespace isolite::run {

namespace {

/// Reads digits only, nothing around them, no overflow.
template <typename Number>
bool read_number(const std::string& text, Number& to, Number least = 0) {
    const auto number = text::number_in<Number>(text);
    to = number.value_or(to);
    return number && *number >= least;
}

bool read_workers(const std::string& text, options& to) {
    constexpr unsigned most = 256;
    if (text == "auto") {
        to.workers = std::nullopt;
        return true;
    }
    unsigned workers = 0;
    if (!read_number(text, workers) || workers > most) {
        return false;
    }
    to.workers = workers;
    return true;
}

/// By hand: what the library reads as a number depends on the locale, or knows infinity.
std::optional<std::chrono::milliseconds> duration_in(const std::string& text) {
    const std::size_t point = text.find('.');
    const std::string fraction = point == std::string::npos ? "0" : text.substr(point + 1);
    std::uint32_t seconds = 0; // so that it fits into nanoseconds, too
    std::int64_t milliseconds = 0;
    const bool is_number = read_number(text.substr(0, point), seconds) && !fraction.empty() &&
                           std::all_of(fraction.begin(), fraction.end(),
                                       [](unsigned char c) { return std::isdigit(c) != 0; }) &&
                           read_number((fraction + "00").substr(0, 3), milliseconds);
    const std::chrono::milliseconds timeout(std::int64_t(seconds) * 1000 + milliseconds);
    return is_number && timeout.count() > 0 ? std::optional(timeout) : std::nullopt;
}

bool read_timeout(const std::string& text, options& to) {
    const auto timeout = duration_in(text);
    to.timeout = timeout.value_or(to.timeout);
    return timeout.has_value();
}

/// As people write it, too: "60s".
bool read_budget(const std::string& text, options& to) {
    const bool has_unit = !text.empty() && text.back() == 's';
    const auto budget = duration_in(text.substr(0, text.size() - (has_unit ? 1 : 0)));
    to.budget = budget.value_or(to.budget);
    return budget.has_value();
}

/// Its variable says `on` or `off`.
bool read_verify(const std::string& text, options& to) {
    to.verifies = text.empty() || text == "on";
    return to.verifies || text == "off";
}

bool read_verify_json(const std::string& text, options& to) {
    to.verified_json = text;
    return !text.empty();
}

/// Picks a seed of 32 bits where there is none: people will type it again.
bool read_seed(const std::string& text, options& to) {
    std::uint64_t seed = 0;
    if (text.empty()) {
        seed = std::random_device()();
    } else if (!read_number(text, seed)) {
        return false;
    }
    to.shuffle = seed;
    return true;
}

/// As GoogleTest has it; `xml:DIR/` is the same as --junit=DIR/.
bool read_gtest_output(const std::string& text, options& to) {
    const std::string format = "xml:";
    if (text == "xml") {
        to.reports.junit = "test_detail.xml";
        return true;
    }
    if (text.compare(0, format.size(), format) != 0 || text.size() == format.size()) {
        return false;
    }
    to.reports.junit = text.substr(format.size());
    return true;
}

bool read_durations(const std::string& text, options& to) {
    unsigned slowest = 0;
    if (!read_number(text, slowest)) {
        return false;
    }
    to.reports.durations = slowest;
    return true;
}

bool read_timings(const std::string&, options& to) {
    to.reports.summary = results::summary_level::timings;
    return true;
}

bool read_debug(const std::string&, options& to) {
    to.for_debugger = true;
    return true;
}

bool read_show(const std::string& text, options& to) {
    to.shows.failures = text == "now";
    return text == "now" || text == "end";
}

bool read_no_capture(const std::string&, options& to) {
    to.shows.output = true;
    return true;
}

bool read_show_changes(const std::string&, options& to) {
    to.changes = sandbox::telling::printed;
    to.shows.output = true; // which also is that of cases that pass
    return true;
}

bool read_fail_flaky(const std::string&, options& to) {
    to.fails_flaky = true;
    return true;
}

bool read_order(const std::string& text, options& to) {
    to.order.push_back(text);
    return !text.empty();
}

bool read_condition(const std::string& text, options& to) {
    const auto condition = condition_in(text);
    if (condition) {
        to.conditions.push_back(*condition);
    }
    return condition.has_value();
}

bool read_max_failures(const std::string& text, options& to) {
    return read_number(text, to.max_failures);
}

bool read_failed(const std::string&, options& to) {
    to.only_failed = true;
    return true;
}

bool read_repeat(const std::string& text, options& to) {
    return read_number(text, to.repeat, 1U);
}

bool read_retries(const std::string& text, options& to) {
    return read_number(text, to.retries);
}

bool read_page(const std::string& text, options& to) {
    to.reports.page = text;
    return !text.empty();
}

bool read_junit(const std::string& text, options& to) {
    to.reports.junit = text;
    return !text.empty();
}

/// As lists of directories are written; an empty pattern would be about no file.
bool read_files(const std::string& text, options& to) {
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(':', at), text.size());
        if (end == at) {
            return false;
        }
        to.files.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return true;
}

bool read_shard(const std::string& text, options& to) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    shard chosen;
    if (!read_number(text.substr(0, slash), chosen.index) || slash == text.size() ||
        !read_number(text.substr(slash + 1), chosen.total, 1U) || chosen.index >= chosen.total) {
        return false;
    }
    to.shard = chosen;
    return true;
}

bool read_history(const std::string& text, options& to) {
    to.history = text;
    return !text.empty();
}

using kind = option_rule::value_kind;

} // namespace

const std::array<option_rule, 25> option_rules = {{
    {"--workers", "=auto|N", kind::required, "ISOLITE_WORKERS", "choose the workers",
     "neither auto nor a number from 0 to 256",
     "write auto for one worker per core, or a number; 0 runs all cases in this process",
     "run the cases in N forked workers; auto: one per core", read_workers, nullptr},
    {"--timeout", "=SECONDS", kind::required, "ISOLITE_TIMEOUT", "limit the time of cases",
     "not a number of seconds from 0.001 on", "write how long a case may take, e.g. 60 or 2.5",
     "fail a case that takes longer", read_timeout,
     [](const options& values) { return values.timeout.count() > 0; }},
    {"--debug", "", kind::none, nullptr, "run cases for a debugger", "but takes no value",
     "write --debug alone", "run the cases in this process without limits of time", read_debug,
     nullptr},
    {"--durations", "=N", kind::required, nullptr, "show the slowest cases", "not a number",
     "write how many of them are shown, e.g. 20, or 0 for none",
     "show the N slowest cases at the end", read_durations, nullptr},
    {"--timings", "", kind::none, nullptr, "show the timings", "but takes no value",
     "write --timings alone", "show what tests, fixtures and workers cost at the end", read_timings,
     nullptr},
    {"--maxfail", "=N", kind::required, nullptr, "stop after failed cases", "not a number",
     "write after how many failed cases no other is started; 0 runs all",
     "start no other case after N failed ones (0, never)", read_max_failures,
     [](const options& values) { return values.max_failures > 0; }},
    {"--shuffle", "[=SEED]", kind::optional, nullptr, "shuffle the cases",
     "not a number of 64 bits",
     "write --shuffle for a new order, or --shuffle=SEED with the seed of an order you saw",
     "run the cases in a random order, or in that of SEED", read_seed,
     [](const options& values) { return values.shuffle.has_value(); }},
    {"--verify", "", kind::none, "ISOLITE_VERIFY", "verify the suite", "neither on nor off",
     "write --verify alone; its variable is on or off",
     "find cases that depend on others, by running them in many orders", read_verify,
     [](const options& values) { return values.verifies; }},
    {"--budget", "=SECONDS", kind::required, "ISOLITE_BUDGET", "limit the time of a verification",
     "not a number of seconds from 0.001 on", "write how long --verify may take, e.g. 60 or 90s",
     "how long --verify may take (60)", read_budget, nullptr},
    {"--verify-json", "=FILE", kind::required, nullptr, "write what a verification found",
     "not the name of a file", "write --verify-json=FILE", "write what --verify found as JSON, too",
     read_verify_json, nullptr},
    {"--in-order", "=NAME", kind::required, nullptr, "run cases in an order",
     "not the name of a case",
     "write --in-order=NAME for each case, in the order in which they are to run",
     "run only the cases of these names, in this order", read_order,
     [](const options& values) { return !values.order.empty(); }},
    {"--in-condition", "=WHAT=VALUE", kind::required, nullptr, "run cases in a condition",
     "not a condition that can be made here",
     "write what a verification shows, e.g. --in-condition=zone=Pacific/Kiritimati, "
     "locale=de_DE.UTF-8, clock=2028-02-29T12:00:00, random=1, rows=reversed, "
     "addresses=descending or memory=junk",
     "run cases in another time zone, for instance, as --verify shows it", read_condition,
     [](const options& values) { return !values.conditions.empty(); }},
    {"--failed", "", kind::none, nullptr, "run only the failed cases", "but takes no value",
     "write --failed alone", "run only the cases that failed the last time, and new ones",
     read_failed, [](const options& values) { return values.only_failed; }},
    {"--repeat", "=N", kind::required, nullptr, "repeat the cases", "not a number from 1 on",
     "write how often every case is to be run", "run every case N times (1)", read_repeat,
     [](const options& values) { return values.repeat > 1; }},
    {"--retries", "=N", kind::required, nullptr, "retry failed cases", "not a number",
     "write how often a failed case is tried again; 0 for never",
     "try a failed case again, at most N times (0)", read_retries,
     [](const options& values) { return values.retries > 0; }},
    {"--fail-flaky", "", kind::none, nullptr, "fail a run with flaky cases", "but takes no value",
     "write --fail-flaky alone", "fail a run in which a case passed only by a retry",
     read_fail_flaky, nullptr},
    {"--show", "=now|end", kind::required, nullptr, "show failures", "neither now nor end",
     "write now to see a failure when it happens, or end for the framework's order",
     "with workers, tell why a case failed at once (now), or at the end", read_show, nullptr},
    {"--no-capture", "", kind::none, nullptr, "show output", "but takes no value",
     "write --no-capture alone", "with workers, show what cases write as it comes", read_no_capture,
     nullptr},
    {"--show-changes", "", kind::none, nullptr, "show changes of databases", "but takes no value",
     "write --show-changes alone", "show what each case changes in its databases, and its output",
     read_show_changes, nullptr},
    {"--shard", "=INDEX/TOTAL", kind::required, nullptr, "choose the shard",
     "not an index and a larger total",
     "shards count from 0: write --shard=0/4 to --shard=3/4 for four of them",
     "run this part of the suite: --shard=0/4 is the first of four", read_shard, nullptr},
    {"--history", "=FILE", kind::required, nullptr, "use a history", "not the name of a file",
     "name a file that `isolite history export` or `merge` has written",
     "cut shards by the durations in this file, of runs on all machines", read_history, nullptr},
    {"--files", "=PATTERN[:...]", kind::required, "ISOLITE_FILES", "claim database files",
     "not a list of patterns with : between them",
     "write what the names of the files are like, e.g. --files='*.db:/var/lib/shop/*'",
     "keep databases of such names in memory, for each case", read_files, nullptr},
    {"--junit", "=FILE", kind::required, nullptr, "write a report", "not the name of a file",
     "write --junit=FILE, or --junit=DIRECTORY/ for a file with the name of the program",
     "write a report for JUnit", read_junit, nullptr},
    {"--report", "=FILE", kind::required, nullptr, "write a page about the run",
     "not the name of a file",
     "write --report=FILE.html, or --report=DIRECTORY/ for a file with the name of the program",
     "write a page about the run, for a browser", read_page, nullptr},
    {"--gtest_output", "=xml[:FILE]", kind::required, nullptr, "write a report",
     "neither xml nor xml:FILE",
     "write --gtest_output=xml:FILE: reports are written in JUnit's XML only",
     "the same, as GoogleTest calls it (test_detail.xml)", read_gtest_output, nullptr},
}};

} // namespace isolite::run
