#include "cli/report_listing.hpp"

#include "cli/json.hpp"
#include "report/document.hpp"
#include "report/run_records.hpp"
#include "text/table.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace isolite::cli {

namespace {

constexpr std::int64_t second = 1'000'000'000;

} // namespace

std::vector<listed_run> look_into(std::vector<report::kept_run> runs) {
    std::vector<listed_run> listed;
    for (report::kept_run& run : runs) {
        auto records = report::run_records::in(run.directory);
        const std::int64_t cases = records ? records->number("SELECT count(*) FROM cases") : 0;
        listed.push_back({std::move(run), cases});
    }
    return listed;
}

std::string listing(const std::vector<listed_run>& runs, const std::string& directory) {
    if (runs.empty()) {
        return "no runs in " + directory + "\n";
    }
    std::vector<text::table_row> rows = {{"NUMBER", "BEGAN", "CASES", "PROCESSES", "SIZE", "RUN"}};
    std::uint64_t bytes = 0;
    for (const listed_run& listed : runs) {
        const report::kept_run& run = listed.run;
        bytes += run.bytes;
        rows.push_back({std::to_string(rows.size()),
                        run.began == 0 ? "unknown" : text::time_in_words(run.began / second),
                        std::to_string(listed.cases), std::to_string(run.processes),
                        text::size_in_words(run.bytes), text::printable(run.id)});
    }
    return text::table_text(rows,
                            {text::alignment::right, text::alignment::left, text::alignment::right,
                             text::alignment::right, text::alignment::right}) +
           text::counted(runs.size(), "run") + ", " + text::size_in_words(bytes) + " in " +
           directory + "\n";
}

std::string listing_as_json(const std::vector<listed_run>& runs, const std::string& directory) {
    json_writer writer;
    std::vector<json> objects;
    for (const listed_run& listed : runs) {
        const report::kept_run& run = listed.run;
        objects.push_back(writer.object(
            {{"number", static_cast<std::int64_t>(objects.size()) + 1},
             {"id", run.id},
             {"directory", run.directory},
             {"began", run.began == 0 ? json_value(nullptr) : json_value(run.began / second)},
             {"cases", listed.cases},
             {"processes", static_cast<std::int64_t>(run.processes)},
             {"size_bytes", static_cast<std::int64_t>(run.bytes)}}));
    }
    return report::in_utf8(
        writer.object({{"directory", directory}, {"runs", writer.array(objects)}}).text);
}

} // namespace isolite::cli
