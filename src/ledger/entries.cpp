#include "ledger/entries.hpp"

#include "ledger/record_line.hpp"

#include "text/long_text.hpp"

#include <cstdint>

namespace isolite::records {

std::string output_to_record(std::string_view output) {
    constexpr std::size_t most_of_an_end = std::size_t{32} * 1024;
    return text::without_middle(output, most_of_an_end);
}

void add_to(record_line& line, const fixture_details& details) {
    if (details.pages) {
        line.add("pages", static_cast<std::int64_t>(*details.pages));
    }
    if (details.rows) {
        line.add("rows", static_cast<std::int64_t>(*details.rows));
    }
    if (details.seeding.count() > 0) {
        line.add("seeding_ns", details.seeding.count());
    }
    if (!details.text.empty()) {
        line.add("text", details.text);
    }
}

void add_to(record_line& line, const case_end& end) {
    if (!end.why.empty()) {
        line.add("text", end.why);
    }
    if (!end.output.empty()) {
        line.add("output", output_to_record(end.output));
    }
    if (end.timed_out) {
        line.add("timed_out", std::int64_t(1));
    }
}

} // namespace isolite::records
