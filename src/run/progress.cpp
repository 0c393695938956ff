#include "run/progress.hpp"

#include "os/terminal.hpp"
#include "text/utf8.hpp"
#include "text/width.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace isolite::run {

namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::chrono::milliseconds between_drawings(100);
constexpr seconds between_lines(10);
constexpr unsigned usual_columns = 80;
constexpr const char* clear_to_end = "\033[K";

std::string text_of(seconds time) {
    constexpr seconds minute(60);
    return time < 2 * minute ? std::to_string(time.count()) + " s"
                             : std::to_string(time / minute) + " min " +
                                   std::to_string((time % minute).count()) + " s";
}

/// Returns whole seconds that have passed; a case may begin while the snapshot is taken.
std::string passed(nanoseconds time) {
    return text_of(std::max(std::chrono::floor<seconds>(time), seconds(0)));
}

/// Returns what both kinds of line end with. Nothing is left in less than a second.
std::string rest_of_line(const snapshot& now) {
    std::string text = ", " + std::to_string(now.failed) + " failed, " + passed(now.elapsed);
    if (now.left) {
        const seconds left = std::max(std::chrono::ceil<seconds>(*now.left), seconds(1));
        text += ", about " + text_of(left) + " left";
    }
    return text;
}

std::string drawn_line(const snapshot& now) {
    std::string text = "isolite: " + std::to_string(now.done) + "/" + std::to_string(now.total) +
                       rest_of_line(now);
    for (const running_case& running : now.running) {
        text += "; " + running.worker + ": " + running.name + " " + passed(running.since);
    }
    return text::printable(text);
}

std::string plain_line(const snapshot& now) {
    return "isolite: " + std::to_string(now.done) + " of " + std::to_string(now.total) +
           (now.total == 1 ? " case" : " cases") + " done" + rest_of_line(now);
}

} // namespace

progress::progress(std::FILE* sink, bool terminal, unsigned columns)
    : sink_(sink), terminal_(terminal), columns_(columns > 0 ? columns : usual_columns),
      due_(terminal ? nanoseconds(0) : between_lines) {}

progress progress::of_process() {
    const auto columns = os::columns_of_stderr();
    return {stderr, columns.has_value(), columns.value_or(0)};
}

void progress::update(const snapshot& now) {
    if (now.elapsed < due_) {
        return;
    }
    if (!terminal_) {
        due_ = now.elapsed + between_lines;
        write(plain_line(now) + "\n");
        return;
    }
    due_ = now.elapsed + between_drawings;
    is_drawn_ = true;
    // Some terminals begin a new line as soon as the last column is filled. Clearing only what is
    // left of an older line does not flicker.
    write("\r" + text::shortened(drawn_line(now), columns_ - 1) + clear_to_end);
}

void progress::say(const std::string& line) {
    clear();
    write(text::printable(line) + "\n");
}

void progress::clear() {
    if (!is_drawn_) {
        return;
    }
    is_drawn_ = false;
    due_ = nanoseconds(0);
    write(std::string("\r") + clear_to_end);
}

/// Writes and lets it be seen. Nobody can be told when that fails, and the run does not depend on
/// it.
void progress::write(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), sink_);
    std::fflush(sink_);
}

} // namespace isolite::run
