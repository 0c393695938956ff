#include "run/live_output.hpp"

#include <utility>

namespace isolite::run {

live_output::live_output(run_files& files, const std::vector<worker>& places) : files_(files) {
    for (std::size_t number = 0; files.shows.output && number < places.size(); ++number) {
        streams_.push_back({places[number].name, number, false});
        if (number < files.spare_captures.size()) {
            streams_.push_back({places[number].name, number, true});
        }
    }
}

std::vector<std::string> live_output::news() {
    std::vector<std::string> lines;
    for (stream& each : streams_) {
        const output_capture& capture =
            each.is_spare ? files_.spare_captures[each.worker] : files_.captures[each.worker];
        const std::string written = capture.from(each.shown);
        each.shown += written.size();
        for (const char letter : written) {
            each.line += letter;
            if (letter == '\n') {
                lines.push_back(each.name + ": " + std::exchange(each.line, {}));
            }
        }
    }
    return lines;
}

std::vector<std::string> live_output::rest() {
    std::vector<std::string> lines = news();
    for (stream& each : streams_) {
        if (!each.line.empty()) {
            lines.push_back(each.name + ": " + std::exchange(each.line, {}) + "\n");
        }
    }
    return lines;
}

} // namespace isolite::run
