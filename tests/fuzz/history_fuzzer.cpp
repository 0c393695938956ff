#include "demand.hpp"
#include "results/history_text.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// Any text as a history: what is read is written as it was, and a run leaves other lines alone.

using namespace isolite::results;
using isolite::fuzzing::demand;

namespace {

bool operator==(const kept_case& left, const kept_case& right) {
    return left.durations == right.durations && left.failed == right.failed &&
           left.last_run == right.last_run;
}

bool are_equal(const program_histories& left, const program_histories& right) {
    const auto equal_cases = [](const kept_cases& one, const kept_cases& other) {
        return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                          [](const auto& a, const auto& b) {
                              return a.first == b.first && a.second == b.second;
                          });
    };
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [&](const auto& a, const auto& b) {
                          return a.first == b.first && equal_cases(a.second, b.second);
                      });
}

bool ends_in_line_of_fault(const std::string& wrong) {
    return wrong.compare(0, 5, "line ") == 0 || wrong.compare(0, 14, "its first line") == 0;
}

void check_round_trip(const std::string& text) {
    const auto all = histories_in(text);
    if (!all) {
        demand(ends_in_line_of_fault(all.error()), "what is wrong is told with its line", text);
        return;
    }
    const std::string written = history_text(*all);
    const auto again = histories_in(written);
    demand(again.has_value(), "a history that was read can be written and read again", written);
    demand(are_equal(*again, *all), "a history is read as it was written", written);
    demand(written.find_first_of(std::string("\r\0", 2)) == std::string::npos,
           "a history is lines for any editor", written);
    demand(history_text(*again) == written, "a history is written in one way", written);
    const program_histories once = merged({*all});
    demand(are_equal(once, *all), "a history merged with nothing stays as it is", written);
    demand(are_equal(merged({*all, *all}), *all), "a history merged with itself stays", written);
    const bool failed = std::any_of(all->begin(), all->end(), [](const auto& program) {
        return std::any_of(program.second.begin(), program.second.end(),
                           [](const auto& each) { return each.second.failed; });
    });
    demand(tells_of_failures(text) == failed, "a failure is seen without reading all", text);
}

std::vector<finished_case> any_run(FuzzedDataProvider& choices) {
    std::vector<finished_case> run;
    for (auto more = choices.ConsumeIntegralInRange<int>(0, 4); more > 0; --more) {
        finished_case each;
        each.name = choices.ConsumeRandomLengthString(12);
        each.duration = std::chrono::nanoseconds(choices.ConsumeIntegral<std::uint32_t>());
        each.failed = choices.ConsumeBool();
        run.push_back(each);
    }
    return run;
}

bool is_of(const std::vector<finished_case>& run, const std::string& name) {
    return std::any_of(run.begin(), run.end(),
                       [&](const finished_case& each) { return each.name == name; });
}

void check_merge(const std::string& left, const std::string& right) {
    const auto one = histories_in(left);
    const auto other = histories_in(right);
    if (one && other) {
        demand(are_equal(merged({*one, *other}), merged({*other, *one})),
               "the order of files does not matter", left + "\n--\n" + right);
    }
}

void check_run(const std::string& text, const std::vector<finished_case>& run, std::int64_t now) {
    const std::string program = "a program\t";
    const auto with = with_run(text, program, run, now);
    const auto before = histories_in(text);
    if (!with) {
        demand(!before && !text.empty(), "a run is added to each history that can be read", text);
        return;
    }
    if (text.empty() || !before) {
        return;
    }
    const bool is_alone =
        before->empty() || (before->size() == 1 && before->begin()->first == program);
    const auto after = histories_in(*with);
    if (!is_alone) {
        return; // text of another program, which nothing promises of
    }
    demand(after.has_value(), "a run is added so that all can be read", *with);
    const kept_cases none;
    const kept_cases& cases = after->empty() ? none : after->begin()->second;
    for (const finished_case& each : run) {
        const auto found = cases.find(each.name);
        demand(found != cases.end() && found->second.last_run == now, "a case is told of", *with);
        demand(!each.failed || found->second.failed, "a failure is told of", *with);
        demand(found->second.durations.front() >= each.duration, "its duration is told", *with);
    }
    for (const auto& [name, kept] : before->empty() ? none : before->begin()->second) {
        const auto found = cases.find(name);
        demand(found != cases.end(), "no case is forgotten", *with);
        demand(is_of(run, name) || found->second == kept, "other cases stay as they were", *with);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    check_round_trip(text);
    FuzzedDataProvider choices(data, size);
    const std::vector<finished_case> run = any_run(choices);
    const auto now = choices.ConsumeIntegralInRange<std::int64_t>(0, INT64_MAX);
    check_run(text, run, now);
    const std::string head = "isolite history 1\n";
    const std::string part = head + choices.ConsumeRandomLengthString();
    const std::string rest = head + choices.ConsumeRemainingBytesAsString();
    check_round_trip(rest);
    check_run(rest, run, now);
    check_merge(part, rest);
    return 0;
}
