#include "run/progress.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <string>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

using namespace std::chrono_literals;
using isolite::run::progress;
using isolite::run::snapshot;

namespace {

/// A file of which the test sees what was written since it looked the last time.
class sink {
  public:
    sink() : file_(::open_memstream(&bytes_, &size_)) {}
    sink(const sink&) = delete;
    sink& operator=(const sink&) = delete;
    ~sink() {
        std::fclose(file_);
        std::free(bytes_);
    }

    [[nodiscard]] std::FILE* file() const { return file_; }

    std::string news() {
        const std::size_t start = seen_;
        seen_ = size_; // that of the last flush
        return {bytes_ + start, size_ - start};
    }

  private:
    char* bytes_ = nullptr;
    std::size_t size_ = 0;
    std::FILE* file_;
    std::size_t seen_ = 0;
};

snapshot at(std::chrono::nanoseconds elapsed) {
    snapshot now;
    now.total = 882;
    now.done = 120;
    now.failed = 1;
    now.elapsed = elapsed;
    return now;
}

/// Returns what a terminal of this width shows of a case with this name.
std::string shown(const std::string& name, unsigned columns) {
    sink sink;
    progress shown(sink.file(), {true, columns, false});
    snapshot now = at(1s);
    now.running = {{"w0", name, 2s}};
    shown.update(now);
    const std::string drawn = sink.news();
    REQUIRE(drawn.substr(0, 1) == "\r");
    REQUIRE(drawn.substr(drawn.size() - 3) == "\033[K");
    return drawn.substr(1, drawn.size() - 4);
}

/// Puts a value, or none, into a variable for one test.
class other_variable {
  public:
    other_variable(const char* name, const char* value) : name_(name) {
        if (const char* const usual = std::getenv(name)) {
            usual_ = usual;
        }
        set(value);
    }
    other_variable(const other_variable&) = delete;
    other_variable& operator=(const other_variable&) = delete;
    ~other_variable() { set(usual_ ? usual_->c_str() : nullptr); }

  private:
    void set(const char* value) {
        if (value != nullptr) {
            ::setenv(name_, value, 1);
        } else {
            ::unsetenv(name_);
        }
    }

    const char* name_;
    std::optional<std::string> usual_;
};

/// An environment in which nothing is said about colours.
struct no_wishes {
    other_variable no_color{"NO_COLOR", nullptr};
    other_variable force{"CLICOLOR_FORCE", nullptr};
    other_variable clicolor{"CLICOLOR", nullptr};
};

/// Returns the two ends of a terminal of 20 columns: what is written to the second is read from the
/// first.
std::array<int, 2> terminal() {
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
    REQUIRE(::grantpt(master) == 0);
    REQUIRE(::unlockpt(master) == 0);
    const int slave = ::open(::ptsname(master), O_RDWR | O_NOCTTY);
    struct winsize size {};
    size.ws_col = 20;
    REQUIRE(::ioctl(slave, TIOCSWINSZ, &size) == 0);
    return {master, slave};
}

std::array<int, 2> pipe() {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    return ends;
}

/// Returns what the progress of the process writes after 10 s when stderr is the second end.
std::string written_to(const std::array<int, 2>& ends) {
    const int usual = ::dup(STDERR_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    progress::of_process().update(at(10s));
    ::dup2(usual, STDERR_FILENO);
    ::close(usual);
    std::string text(1000, '\0');
    const auto size = ::read(ends[0], text.data(), text.size());
    ::close(ends[0]);
    ::close(ends[1]);
    return text.substr(0, size > 0 ? static_cast<std::size_t>(size) : 0);
}

} // namespace

TEST_CASE("the terminal of the process is as wide as it says") {
    const no_wishes none;
    const other_variable usual("TERM", "xterm");
    CHECK(written_to(terminal()) == "\r120/882, \033[31m1 failed\033[m\033[K");
}

TEST_CASE("a terminal that cannot clear a line, and what is none, get whole lines") {
    const std::string line = "isolite: 120 of 882 cases done, 1 failed, 10 s";
    const no_wishes nothing;
    for (const char* const kind : {"dumb", static_cast<const char*>(nullptr)}) {
        const other_variable simple("TERM", kind);
        CHECK(written_to(terminal()) == line + "\r\n");
    }
    const no_wishes none;
    const other_variable usual("TERM", "xterm");
    CHECK(written_to(pipe()) == line + "\n");
}

TEST_CASE("a terminal shows the counts, the time, and the cases that take two seconds or more") {
    sink sink;
    progress shown(sink.file(), {true, 200, false});
    snapshot now = at(12'900ms);
    now.left = 2'100ms;
    now.running = {{"w0", "orders/first", 2'000ms},
                   {"w1", "orders/second", 1'999ms},
                   {"w2", "orders/third", 7s}};
    shown.update(now);
    CHECK(sink.news() ==
          "\risolite: 120/882, 1 failed, 12 s, about 3 s left; orders/third 7 s; orders/first 2 s"
          "\033[K");
}

TEST_CASE("a round of several says which it is") {
    sink sink;
    progress shown(sink.file(), {true, 200, false});
    snapshot now = at(1s);
    now.round = "retry 1 of 2";
    shown.update(now);
    CHECK(sink.news() == "\risolite: retry 1 of 2: 120/882, 1 failed, 1 s\033[K");
}

TEST_CASE("failures are red, where there are any and colours are wanted") {
    sink sink;
    for (const bool terminal : {true, false}) {
        progress shown(sink.file(), {terminal, 80, true});
        snapshot now = at(10s);
        shown.update(now);
        CHECK(sink.news().find(", \033[31m1 failed\033[m, 10 s") != std::string::npos);
        now.failed = 0;
        now.elapsed = 20s;
        shown.update(now);
        CHECK(sink.news().find(", 0 failed, 20 s") != std::string::npos);
    }
}

TEST_CASE("a case that begins while the snapshot is taken is not named") {
    sink sink;
    progress shown(sink.file(), {true, 200, false});
    snapshot now = at(1s);
    now.running = {{"w0", "orders/first", -2s}};
    shown.update(now);
    CHECK(sink.news() == "\risolite: 120/882, 1 failed, 1 s\033[K");
}

TEST_CASE("a terminal's line is drawn at once, and then again after 100 ms") {
    sink sink;
    progress shown(sink.file(), {true, 80, false});
    shown.update(at(0ms));
    CHECK(sink.news() == "\risolite: 120/882, 1 failed, 0 s\033[K");
    shown.update(at(99ms));
    CHECK(sink.news().empty());
    shown.update(at(100ms));
    CHECK_FALSE(sink.news().empty());
    shown.update(at(199ms));
    CHECK(sink.news().empty());
}

TEST_CASE("a line is as long as there are columns but the last, and names the slowest case") {
    CHECK(shown("orders/first", 54) == "isolite: 120/882, 1 failed, 1 s; orders/first 2 s");
    CHECK(shown("orders/first", 50) == "isolite: 120/882, 1 failed, 1 s; orders/first 2 s");
    CHECK(shown("orders/first", 49) == "isolite: 120/882, 1 failed; orders/first 2 s");
    CHECK(shown("orders/first", 44) == "120/882, 1 failed, 1 s; orders/first 2 s");
    CHECK(shown("orders/first", 39) == "120/882, 1 failed; orders/first 2 s");
    CHECK(shown("orders/first", 30) == "120/882, 1 failed; ...rst 2 s");
}

TEST_CASE("of a name that is too long the end is shown, cut between characters") {
    const std::string euro = "\xE2\x82\xAC";
    const std::string name = "a suite of a long name/" + euro + euro + euro;
    CHECK(shown(name, 39) == "120/882, 1 failed; ...ong name/" + euro + euro + euro + " 2 s");
}

TEST_CASE("cases that no room is left for are counted") {
    sink sink;
    progress shown(sink.file(), {true, 60, false});
    snapshot now = at(1s);
    now.running = {
        {"w0", "orders/first", 9s}, {"w1", "orders/second", 8s}, {"w2", "orders/third", 7s}};
    shown.update(now);
    CHECK(sink.news() == "\risolite: 120/882, 1 failed, 1 s; orders/first 9 s +2\033[K");
}

TEST_CASE("a very narrow terminal gets what it has room for") {
    CHECK(shown("first", 1).empty());
    CHECK(shown("first", 3) == "..");
    CHECK(shown("first", 10) == "first 2 s");
}

TEST_CASE("a terminal of unknown width has 80 columns") {
    CHECK(shown(std::string(100, 'x'), 0).size() == 79);
}

TEST_CASE("names cannot control the terminal") {
    CHECK(shown("a\nb\x1B[2J\xC2\x9B\xFF", 200) ==
          "isolite: 120/882, 1 failed, 1 s; a\\nb\\x1b[2J\\xc2\\x9b\\xff 2 s");
}

TEST_CASE("a line that stays takes the place of the progress, which is drawn below it") {
    sink sink;
    progress shown(sink.file(), {true, 80, false});
    shown.update(at(1s));
    sink.news();
    shown.show("failed: orders/first (w1, 12 ms)\n");
    CHECK(sink.news() == "\r\033[Kfailed: orders/first (w1, 12 ms)\n");
    shown.show("one\ntwo\n");
    CHECK(sink.news() == "one\ntwo\n");
    shown.update(at(1s));
    CHECK(sink.news() == "\risolite: 120/882, 1 failed, 1 s\033[K");
}

TEST_CASE("a cleared line is drawn by the next update") {
    sink sink;
    progress shown(sink.file(), {true, 80, false});
    shown.clear();
    CHECK(sink.news().empty());
    shown.update(at(1s));
    sink.news();
    shown.clear();
    CHECK(sink.news() == "\r\033[K");
    shown.clear();
    CHECK(sink.news().empty());
    shown.update(at(1s));
    CHECK_FALSE(sink.news().empty());
}

TEST_CASE("without a terminal a line is written every 10 s") {
    sink sink;
    progress shown(sink.file(), {false, 10, false});
    snapshot now = at(9'999ms);
    shown.update(now);
    CHECK(sink.news().empty());
    now.elapsed = 12s;
    now.left = 3s;
    now.running = {{"w0", "orders/first", 0s}};
    shown.update(now);
    CHECK(sink.news() == "isolite: 120 of 882 cases done, 1 failed, 12 s, about 3 s left\n");
    now.elapsed = 21'999ms;
    shown.update(now);
    CHECK(sink.news().empty());
    now.elapsed = 22s;
    now.left.reset();
    shown.update(now);
    CHECK(sink.news() == "isolite: 120 of 882 cases done, 1 failed, 22 s\n");
}

TEST_CASE("without a terminal nothing is taken away, and lines that stay do not delay the others") {
    sink sink;
    progress shown(sink.file(), {false, 80, false});
    shown.update(at(10s));
    sink.news();
    shown.clear();
    shown.show("failed: orders/first\n");
    CHECK(sink.news() == "failed: orders/first\n");
    shown.update(at(11s));
    CHECK(sink.news().empty());
}

TEST_CASE("long times are told in minutes") {
    sink sink;
    progress shown(sink.file(), {false, 80, false});
    snapshot now = at(119s);
    now.left = 120s;
    shown.update(now);
    CHECK(sink.news() == "isolite: 120 of 882 cases done, 1 failed, 119 s, about 2 min 0 s left\n");
}

TEST_CASE("no time is told to be left while a case takes longer than it was guessed by") {
    for (const bool is_terminal : {true, false}) {
        CAPTURE(is_terminal);
        sink sink;
        progress shown(sink.file(), {is_terminal, 200, false});
        snapshot now = at(12s);
        now.left = 2s;
        now.running = {{"w0", "orders/first", 4s, 2s}, {"w1", "orders/new", 9s}};
        shown.update(now);
        CHECK(sink.news().find(", 12 s, about 2 s left; ") != std::string::npos);
        now = at(23s);
        now.left = 2s;
        now.running = {{"w0", "orders/first", 4'001ms, 2s}};
        shown.update(now);
        CHECK(sink.news().find(", 23 s; ") != std::string::npos);
    }
}

TEST_CASE("there is never less than a second left") {
    sink sink;
    progress shown(sink.file(), {false, 80, false});
    snapshot now = at(10s);
    now.total = 1;
    now.left = 0s;
    shown.update(now);
    CHECK(sink.news() == "isolite: 120 of 1 case done, 1 failed, 10 s, about 1 s left\n");
}

TEST_CASE("without a terminal the slowest cases are named, too, whatever their names are") {
    sink sink;
    progress shown(sink.file(), {false, 10, false});
    snapshot now = at(10s);
    now.running = {{"w0", "a", 2s}, {"w1", "b\n", 5s}, {"w2", "c", 4s}, {"w3", "d", 3s}};
    shown.update(now);
    CHECK(sink.news() == "isolite: 120 of 882 cases done, 1 failed, 10 s; running: b\\n 5 s (w1), "
                         "c 4 s (w2), d 3 s (w3) and 1 more\n");
}

TEST_CASE("colours are what the terminal can, unless variables say otherwise") {
    const auto has_colours = [](const std::array<int, 2>& ends) {
        return written_to(ends).find("\033[31m") != std::string::npos;
    };
    const no_wishes none;
    const other_variable usual("TERM", "xterm");
    CHECK(has_colours(terminal()));
    CHECK_FALSE(has_colours(pipe()));
    {
        const other_variable less("CLICOLOR", "0");
        CHECK_FALSE(has_colours(terminal()));
    }
    const other_variable forced("CLICOLOR_FORCE", "1");
    CHECK(has_colours(pipe()));
    const other_variable forbidden("NO_COLOR", "1");
    CHECK_FALSE(has_colours(pipe()));
    CHECK_FALSE(has_colours(terminal()));
}
