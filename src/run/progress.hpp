#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace isolite::run {

/// A case that a worker is running.
struct running_case {
    std::string worker;
    std::string name;
    /// How long it has been running.
    std::chrono::nanoseconds since{0};
    /// How long it took the last time. Default: 0, nobody knows.
    std::chrono::nanoseconds expected{0};
};

/// How far a run has come.
struct snapshot {
    std::string round = {}; ///< which round it is, if there are several
    std::size_t total = 0;
    std::size_t done = 0;
    std::size_t failed = 0;
    std::vector<running_case> running = {};
    /// The time since the start of the run. No other clock is read.
    std::chrono::nanoseconds elapsed{0};
    /// An estimate, if there is one. It is shown as long as no case takes 2 s longer than expected.
    std::optional<std::chrono::nanoseconds> left = {};
};

/// Shows the user how far a run has come.
///
/// On a terminal it keeps one line, which it draws over and over again. Elsewhere, in the log of a
/// CI job for instance, it writes a line now and then. Both name the cases that have been running
/// for two seconds or more, the one that has for the longest time first.
class progress {
  public:
    /// Where it is shown.
    struct place {
        bool is_terminal = false;
        unsigned columns = 0; ///< of the terminal, 0: unknown
        bool has_colours = false;
    };

    /// Lifetime: `sink` stays open as long as this object is used.
    progress(std::FILE* sink, const place& where);

    /// Writes to stderr. It counts as a terminal unless the variable TERM is "dumb" or not set.
    [[nodiscard]] static progress of_process();

    /// On a terminal, draws the line again unless that was less than 100 ms ago. Elsewhere, writes
    /// a line every 10 s, and so none in a run that is shorter.
    void update(const snapshot& now);

    /// Writes whole lines that stay; the next update draws the progress below them.
    void show(const std::string& lines);

    /// Takes the progress line away, so that others can write to the terminal; the next update
    /// draws it again.
    void clear();

  private:
    void write(const std::string& text);

    std::FILE* sink_;
    place where_;
    bool follows_stderr_ = false; ///< whose terminal may become wider
    bool is_drawn_ = false;
    std::chrono::nanoseconds due_; ///< when there is to be a line again
};

} // namespace isolite::run
