// Writes a report to the file that is its argument. Each line of stdin is a case: its suite, its
// verdict (passed, failed, died, skipped, not_run, flaky) and its text, which becomes its name, why
// it did not pass, and what it wrote. Suite and text are in hexadecimal digits, "-" for none.

#include "results/junit.hpp"

#include <cstdio>
#include <iostream>
#include <string>

namespace {

using isolite::results::case_result;
using isolite::results::verdict;

std::string decoded(const std::string& digits) {
    std::string text;
    for (std::size_t i = 0; digits != "-" && i < digits.size(); i += 2) {
        text += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    }
    return text;
}

verdict verdict_of(const std::string& ending) {
    return ending == "passed" || ending == "flaky"  ? verdict::passed
           : ending == "failed" || ending == "died" ? verdict::failed
           : ending == "skipped"                    ? verdict::skipped
                                                    : verdict::not_run;
}

case_result result_of(const std::string& ending, const std::string& text) {
    case_result result;
    result.verdict = verdict_of(ending);
    result.attempts = ending == "not_run" ? 0 : ending == "flaky" ? 2 : 1;
    result.failures = ending == "flaky" || result.verdict == verdict::failed ? 1 : 0;
    (ending == "died" ? result.death : result.why) = text;
    result.output = text;
    return result;
}

} // namespace

int main(int, char** arguments) {
    isolite::results::outcome run;
    std::vector<isolite::results::test_case> cases;
    for (std::string suite, ending, text; std::cin >> suite >> ending >> text;) {
        auto& added = cases.emplace_back();
        added.suite = decoded(suite);
        added.name = decoded(text);
        added.file = "shop_test.cpp";
        added.line = 12;
        run.results.push_back(result_of(ending, decoded(text)));
    }
    const auto written = isolite::results::write_junit(arguments[1], run, cases, "the whole");
    if (!written) {
        std::fprintf(stderr, "%s\n", written.error().text().c_str());
    }
    return written ? 0 : 1;
}
