#include "../store/scratch_directory.hpp"
#include "demand.hpp"
#include "report/comparison.hpp"
#include "report/document.hpp"
#include "report/run_records.hpp"
#include "report/trace.hpp"

#include <SQLiteCpp/Statement.h>
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

// Lines that are records, or nearly so, as those of a run: what is none is passed over, and of
// what is read a page and a trace can be made.

using namespace isolite;
using fuzzing::demand;

namespace {

constexpr std::array kinds = {"process",
                              "session opened",
                              "session closed",
                              "fixture",
                              "engine opened",
                              "image built",
                              "begin",
                              "case",
                              "result",
                              "death",
                              "trouble",
                              "stopped",
                              "end",
                              "evidence written",
                              "real file made",
                              "session healed",
                              "another"};

constexpr std::array fields = {
    "start",   "ns",       "case",     "id",          "test",   "verdict",     "text",
    "name",    "depth",    "pages",    "rows",        "worker", "incarnation", "pid",
    "parent",  "attempts", "failures", "died",        "output", "timed_out",   "cases",
    "unix_ns", "cores",    "command",  "shard_index", "host",   "shard_total", "seeding_ns"};

/// What a field may be, and what it may not.
constexpr std::array values = {"0",
                               "1",
                               "2",
                               "100",
                               "5000000000",
                               "5000000100",
                               "1790000005000000000",
                               "100000000000000",
                               "4000000000000000000",
                               "-1",
                               "9223372036854775807",
                               "-9223372036854775808",
                               "99999999999999999999",
                               "1.5",
                               "1e308",
                               "true",
                               "null",
                               "[]",
                               "{\"a\":1}",
                               "\"\"",
                               "\"passed\"",
                               "\"failed\"",
                               "\"skipped\"",
                               "\"not run\"",
                               "\"w0\"",
                               "\"main\"",
                               "\"shop/a case\"",
                               "\"\\u0000\"",
                               "\"\\ud800 \xff\""};

std::string any_field(FuzzedDataProvider& choices) {
    return std::string(",\"") + choices.PickValueInArray(fields) + "\":" +
           (choices.ConsumeIntegral<std::uint8_t>() == 0 ? choices.ConsumeRandomLengthString(20)
                                                         : choices.PickValueInArray(values));
}

/// A record with what each of its kind has, and with fields that stand for others or spoil it.
std::string any_record(FuzzedDataProvider& choices) {
    const std::string kind = choices.PickValueInArray(kinds);
    std::string line = "{\"kind\":\"" + kind + "\"";
    for (auto more = choices.ConsumeIntegralInRange<int>(0, 4); more > 0; --more) {
        line += any_field(choices);
    }
    if (choices.ConsumeIntegral<std::uint8_t>() < 200) {
        const auto moment = choices.ConsumeIntegral<std::uint16_t>();
        const std::string number = std::to_string(choices.ConsumeIntegralInRange<int>(0, 5));
        line += ",\"start\":500000" + std::to_string(10'000 + moment) + ",\"ns\":" + number +
                "000,\"case\":" + number + ",\"id\":" + number +
                ",\"test\":\"t\",\"verdict\":\"passed\",\"text\":\"x\",\"worker\":\"w0\"";
    }
    return line + "}\n";
}

std::string any_file(FuzzedDataProvider& choices) {
    const bool is_worker = choices.ConsumeBool();
    const std::string head = choices.ConsumeIntegral<std::uint8_t>() < 8
                                 ? any_record(choices)
                                 : "{\"format\":1,\"kind\":\"process\",\"run\":\"r\",\"program\":"
                                   "\"/w/shop_test\",\"worker\":\"w0\",\"pid\":" +
                                       std::string(is_worker ? "101,\"parent\":100" : "100") +
                                       ",\"start\":5000000000,\"unix_ns\":1790000005000000000}\n";
    std::string text = head;
    for (auto more = choices.ConsumeIntegralInRange<int>(0, 12); more > 0; --more) {
        text += any_record(choices);
    }
    return text;
}

void demand_json(report::run_records& records, const char* promise, const std::string& text) {
    SQLite::Statement valid(records.database(), "SELECT json_valid(?)");
    valid.bind(1, text);
    demand(valid.executeStep() && valid.getColumn(0).getInt() == 1, promise, text);
}

/// Throws where a query fails, which nothing catches.
void check_run() {
    auto read = report::run_records::in(std::filesystem::current_path());
    if (!read) {
        demand(!read.error().hint.empty(), "what is wrong is told with a hint");
        return;
    }
    demand(read->number("SELECT count(*) FROM processes") ==
               read->number("SELECT count(*) FROM heads"),
           "each head is a process");
    demand(read->number("SELECT count(*) FROM processes WHERE end < start") == 0,
           "no process ends before it begins");
    demand(report::compare(*read, {}).has_value(), "a run is compared with nothing");
    demand_json(*read, "a page is made of JSON", report::document(*read, "0"));
    demand_json(*read, "a trace is JSON", report::trace(*read));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const store::tests::scratch_directory scratch;
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (size > 0 && data[0] == '{') { // as it is
        const std::size_t end = std::min(text.find('\0'), size);
        std::ofstream("one.jsonl", std::ios::binary) << text.substr(0, end);
        std::ofstream("two.jsonl", std::ios::binary) << text.substr(std::min(end + 1, size));
    } else {
        FuzzedDataProvider choices(data, size);
        std::ofstream("one.jsonl", std::ios::binary) << any_file(choices);
        std::ofstream("two.jsonl", std::ios::binary) << any_file(choices);
    }
    check_run();
    return 0;
}
