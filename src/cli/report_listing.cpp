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

/// Names the first program of a run, and how many others it had.
std::string programs_of(const report::kept_run& run) {
    if (run.programs.empty()) {
        return "-";
    }
    const std::size_t others = run.programs.size() - 1;
    return text::printable(*run.programs.begin()) +
           (others == 0 ? "" : " and " + std::to_string(others) + " more");
}

} // namespace

std::vector<listed_run> look_into(std::vector<report::kept_run> runs) {
    std::vector<listed_run> listed;
    for (report::kept_run& run : runs) {
        auto records = report::run_records::in(run.directory);
        listed_run& added = listed.emplace_back();
        added.run = std::move(run);
        if (records) {
            added.cases = records->number("SELECT count(*) FROM cases");
            added.failed = records->number("SELECT count(*) FROM cases WHERE verdict = 'failed'");
            added.verdict = records->text("SELECT verdict FROM run");
        }
    }
    return listed;
}

std::string listing(const std::vector<listed_run>& runs, const std::string& directory) {
    if (runs.empty()) {
        return "no runs in " + directory + "\n";
    }
    std::vector<text::table_row> rows = {
        {"NUMBER", "BEGAN", "VERDICT", "CASES", "FAILED", "PROCESSES", "SIZE", "PROGRAM", "RUN"}};
    std::uint64_t bytes = 0;
    for (const listed_run& listed : runs) {
        const report::kept_run& run = listed.run;
        bytes += run.bytes;
        rows.push_back({std::to_string(rows.size()),
                        run.began == 0 ? "unknown" : text::time_in_words(run.began / second),
                        listed.verdict, std::to_string(listed.cases), std::to_string(listed.failed),
                        std::to_string(run.processes), text::size_in_words(run.bytes),
                        programs_of(run), text::printable(run.id)});
    }
    return text::table_text(rows,
                            {text::alignment::right, text::alignment::left, text::alignment::left,
                             text::alignment::right, text::alignment::right, text::alignment::right,
                             text::alignment::right}) +
           text::counted(runs.size(), "run") + ", " + text::size_in_words(bytes) + " in " +
           directory + "\n";
}

std::string listing_as_json(const std::vector<listed_run>& runs, const std::string& directory) {
    json_writer writer;
    std::vector<json> objects;
    for (const listed_run& listed : runs) {
        const report::kept_run& run = listed.run;
        std::vector<json> programs;
        for (const std::string& program : run.programs) {
            programs.push_back(writer.string(program));
        }
        objects.push_back(writer.object(
            {{"number", static_cast<std::int64_t>(objects.size()) + 1},
             {"id", run.id},
             {"directory", run.directory},
             {"began", run.began == 0 ? json_value(nullptr) : json_value(run.began / second)},
             {"programs", writer.array(programs)},
             {"verdict", listed.verdict},
             {"cases", listed.cases},
             {"failed", listed.failed},
             {"processes", static_cast<std::int64_t>(run.processes)},
             {"size_bytes", static_cast<std::int64_t>(run.bytes)}}));
    }
    return report::in_utf8(
        writer.object({{"directory", directory}, {"runs", writer.array(objects)}}).text);
}

} // namespace isolite::cli
