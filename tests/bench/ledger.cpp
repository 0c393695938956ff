#include "ledger/ledger.hpp"
#include "figure.hpp"
#include "measure.hpp"
#include "scratch_directory.hpp"
#include "subject.hpp"

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace bench {

namespace {

/// Returns the instructions of one more session.
std::optional<double> instructions_per_session(const std::string& records) {
    return subject("ledger_subject", "ISOLITE_CACHE=off ISOLITE_LEDGER='" + records + "'")
        .instructions_per_round(1000, 4000);
}

void enter(isolite::records::ledger& ledger) {
    const auto now = isolite::records::ledger::clock::now();
    ledger.enter(isolite::records::fixture_kind::session_opened,
                 {"shop", "orders/an_order_reduces_the_stock"}, {now, now, 0});
}

/// A record against a line of the same length that is written to a file.
comparison against_write(const std::string& directory) {
    ::setenv("ISOLITE_LEDGER", directory.c_str(), 1);
    isolite::records::ledger ledger;
    const std::string line(130, 'x');
    const int file =
        ::open((directory + "/lines").c_str(), O_CREAT | O_WRONLY | O_APPEND, S_IRUSR | S_IWUSR);
    const comparison both = compare([&] { enter(ledger); },
                                    [&] {
                                        if (::write(file, line.data(), line.size()) < 0) {
                                            std::exit(EXIT_FAILURE);
                                        }
                                    },
                                    5000);
    ::close(file);
    return both;
}

} // namespace

std::vector<figure> ledger() {
    const scratch_directory scratch("ledger");
    const std::string directory = scratch.path();
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all);
    constexpr double budget_ns = 2000;
    const comparison record = against_write(directory);
    std::vector<figure> figures = {
        {"ledger.record/2_us", record.first / budget_ns, 1.0},
        {"ledger.record/write_of_a_line", record.ratio()},
    };
    const auto with = instructions_per_session(directory);
    const auto without = instructions_per_session("off");
    if (!with || !without) {
        say_uncounted("ledger");
        return figures;
    }
    figures.push_back({"ledger.instructions_of_a_session_with_records", *with});
    figures.push_back({"ledger.instructions_of_a_session_without", *without});
    figures.push_back({"ledger.session_with_records/without", *with / *without, 2.0});
    return figures;
}

} // namespace bench
