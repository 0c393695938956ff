#include "run/progress.hpp"

#include "os/terminal.hpp"
#include "text/colours.hpp"
#include "text/utf8.hpp"
#include "text/width.hpp"
#include "text/words.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace isolite::run {

namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::chrono::milliseconds between_drawings(100);
constexpr seconds between_lines(10);
constexpr seconds worth_a_name(2);
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

/// Says whether a case takes so much longer than expected that it may hang.
bool is_late(const running_case& running) {
    return running.expected.count() > 0 && running.since > running.expected + worth_a_name;
}

/// Nothing is left in less than a second.
std::string time_left(const snapshot& now) {
    const bool is_known = now.left && std::none_of(now.running.begin(), now.running.end(), is_late);
    return is_known
               ? ", about " + text_of(std::max(std::chrono::ceil<seconds>(*now.left), seconds(1))) +
                     " left"
               : "";
}

std::string failures(const snapshot& now) {
    return std::to_string(now.failed) + " failed";
}

/// Returns the cases that take long, the one that began first in front.
std::vector<running_case> long_ones(const snapshot& now) {
    std::vector<running_case> found;
    std::copy_if(now.running.begin(), now.running.end(), std::back_inserter(found),
                 [](const running_case& each) { return each.since >= worth_a_name; });
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& left, const auto& right) { return left.since > right.since; });
    return found;
}

/// Returns a case and its time in so many columns; of the name the end is kept, by which cases of a
/// suite differ.
std::string named(const running_case& running, std::size_t most) {
    const std::string time = " " + passed(running.since);
    return text::shortened_in_front(text::printable(running.name),
                                    most > time.size() ? most - time.size() : 0) +
           time;
}

/// Writes one line into the columns of a terminal. What is needed most stays longest: how many
/// failed, and which case takes longest.
class narrow_line {
  public:
    explicit narrow_line(std::size_t columns) : left_(columns) {}

    /// Adds a text if there is room for it.
    bool add(const std::string& text) {
        const std::size_t width = text::width_of(text);
        if (width > left_) {
            return false;
        }
        left_ -= width;
        text_ += text;
        return true;
    }

    [[nodiscard]] std::size_t left() const { return left_; }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::size_t left_;
    std::string text_;
};

std::string drawn_line(const snapshot& now, std::size_t columns) {
    constexpr std::size_t least_of_a_name = 20;
    const std::string separator = "; ";
    const std::string counts =
        std::to_string(now.done) + "/" + std::to_string(now.total) + ", " + failures(now);
    const std::string round = now.round.empty() ? "" : now.round + ": ";
    const std::vector<running_case> slow = long_ones(now);
    const std::size_t wanted =
        slow.empty() ? 0
                     : separator.size() +
                           std::min(text::width_of(named(slow.front(), SIZE_MAX)), least_of_a_name);
    narrow_line line(columns);
    const auto add_if_name_fits = [&](const std::string& text) {
        return line.left() >= text.size() + wanted && line.add(text);
    };
    const std::string whole = "isolite: " + round + counts;
    if (whole.size() + wanted > columns || !line.add(whole)) {
        if (!line.add(counts)) {
            return text::shortened(slow.empty() ? whole : named(slow.front(), columns), columns);
        }
    }
    if (add_if_name_fits(", " + passed(now.elapsed))) {
        add_if_name_fits(time_left(now));
    }
    for (std::size_t i = 0; i < slow.size(); ++i) {
        const std::string more =
            slow.size() - i > 1 ? " +" + std::to_string(slow.size() - i - 1) : "";
        const bool is_first = i == 0;
        const std::size_t room = line.left() - std::min(line.left(), separator.size());
        if (!is_first && !line.add(separator + named(slow[i], SIZE_MAX))) {
            line.add(" +" + std::to_string(slow.size() - i));
            break;
        }
        if (is_first) {
            line.add(separator + named(slow[i], room - std::min(room, more.size())));
        }
    }
    return line.text();
}

std::string plain_line(const snapshot& now) {
    constexpr std::size_t most_named = 3;
    std::string line = "isolite: " + (now.round.empty() ? "" : now.round + ": ") +
                       std::to_string(now.done) + " of " + std::to_string(now.total) +
                       (now.total == 1 ? " case" : " cases") + " done, " + failures(now) + ", " +
                       passed(now.elapsed) + time_left(now);
    std::vector<std::string> slow;
    for (const running_case& each : long_ones(now)) {
        slow.push_back(named(each, SIZE_MAX) + " (" + each.worker + ")");
    }
    return slow.empty() ? line : line + "; running: " + text::listed(slow, most_named);
}

/// Shows failures in red, if there are any.
std::string painted(std::string line, const snapshot& now) {
    const std::string count = ", " + failures(now);
    if (const std::size_t at = line.find(count); now.failed > 0 && at != std::string::npos) {
        line.replace(at + 2, count.size() - 2, text::coloured(failures(now), text::colour::red));
    }
    return line;
}

} // namespace

progress::progress(std::FILE* sink, const place& where)
    : sink_(sink), where_(where), due_(where.is_terminal ? nanoseconds(0) : between_lines) {}

progress progress::of_process() {
    const auto columns = os::columns_of_stderr();
    progress made(stderr, {columns.has_value(), columns.value_or(0), os::has_colours_on_stderr()});
    made.follows_stderr_ = true;
    return made;
}

void progress::update(const snapshot& now) {
    if (now.elapsed < due_) {
        return;
    }
    if (!where_.is_terminal) {
        due_ = now.elapsed + between_lines;
        const std::string line = plain_line(now);
        write((where_.has_colours ? painted(line, now) : line) + "\n");
        return;
    }
    due_ = now.elapsed + between_drawings;
    is_drawn_ = true;
    if (follows_stderr_) {
        where_.columns = os::columns_of_stderr().value_or(where_.columns);
    }
    const unsigned columns = where_.columns > 0 ? where_.columns : usual_columns;
    // Some terminals begin a new line as soon as the last column is filled. Clearing only what is
    // left of an older line does not flicker.
    const std::string line = drawn_line(now, columns - 1);
    write("\r" + (where_.has_colours ? painted(line, now) : line) + clear_to_end);
}

void progress::show(const std::string& lines) {
    clear();
    write(lines);
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
