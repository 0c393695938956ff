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
    progress shown(sink.file(), true, columns);
    snapshot now = at(1s);
    now.running = {{"w0", name, 1s}};
    shown.update(now);
    const std::string drawn = sink.news();
    REQUIRE(drawn.substr(0, 1) == "\r");
    REQUIRE(drawn.substr(drawn.size() - 3) == "\033[K");
    return drawn.substr(1, drawn.size() - 4);
}

/// Puts a value, or none, into TERM for one test.
class other_term {
  public:
    explicit other_term(const char* value) {
        if (const char* const usual = std::getenv("TERM")) {
            usual_ = usual;
        }
        set(value);
    }
    other_term(const other_term&) = delete;
    other_term& operator=(const other_term&) = delete;
    ~other_term() { set(usual_ ? usual_->c_str() : nullptr); }

  private:
    static void set(const char* value) {
        if (value != nullptr) {
            ::setenv("TERM", value, 1);
        } else {
            ::unsetenv("TERM");
        }
    }

    std::optional<std::string> usual_;
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
    const other_term usual("xterm");
    CHECK(written_to(terminal()) == "\risolite: 120/882...\033[K");
}

TEST_CASE("a terminal that cannot clear a line, and what is none, get whole lines") {
    const std::string line = "isolite: 120 of 882 cases done, 1 failed, 10 s";
    for (const char* const kind : {"dumb", static_cast<const char*>(nullptr)}) {
        const other_term simple(kind);
        CHECK(written_to(terminal()) == line + "\r\n");
    }
    const other_term usual("xterm");
    CHECK(written_to(pipe()) == line + "\n");
}

TEST_CASE("a terminal shows the counts, the time and what every worker runs") {
    sink sink;
    progress shown(sink.file(), true, 200);
    snapshot now = at(12'900ms);
    now.left = 2'100ms;
    now.running = {{"w0", "orders/first", 2'400ms}, {"w1", "orders/second", 100ms}};
    shown.update(now);
    CHECK(sink.news() ==
          "\risolite: 120/882, 1 failed, 12 s, about 3 s left; w0: orders/first 2 s; "
          "w1: orders/second 0 s\033[K");
}

TEST_CASE("a case that begins while the snapshot is taken has not run for a negative time") {
    sink sink;
    progress shown(sink.file(), true, 200);
    snapshot now = at(1s);
    now.running = {{"w0", "orders/first", -2s}};
    shown.update(now);
    CHECK(sink.news() == "\risolite: 120/882, 1 failed, 1 s; w0: orders/first 0 s\033[K");
}

TEST_CASE("a terminal's line is drawn at once, and then again after 100 ms") {
    sink sink;
    progress shown(sink.file(), true, 80);
    shown.update(at(0ms));
    CHECK(sink.news() == "\risolite: 120/882, 1 failed, 0 s\033[K");
    shown.update(at(99ms));
    CHECK(sink.news().empty());
    shown.update(at(100ms));
    CHECK_FALSE(sink.news().empty());
    shown.update(at(199ms));
    CHECK(sink.news().empty());
}

TEST_CASE("a line that is too long is cut before the last column") {
    CHECK(shown("abcdefgh", 50) == "isolite: 120/882, 1 failed, 1 s; w0: abcdefgh 1 s");
    CHECK(shown("abcdefgh", 49) == "isolite: 120/882, 1 failed, 1 s; w0: abcdefgh...");
}

TEST_CASE("a line is cut by characters, never within one") {
    const std::string euro = "\xE2\x82\xAC";
    const std::string three = euro + euro + euro;
    CHECK(shown(three + three, 44) == "isolite: 120/882, 1 failed, 1 s; w0: " + three + "...");
    CHECK(shown(three + three, 48) ==
          "isolite: 120/882, 1 failed, 1 s; w0: " + three + three + " 1 s");
}

TEST_CASE("a very narrow terminal gets what it has room for") {
    CHECK(shown("first", 1).empty());
    CHECK(shown("first", 3) == "..");
    CHECK(shown("first", 6) == "is...");
}

TEST_CASE("a terminal of unknown width has 80 columns") {
    CHECK(shown(std::string(100, 'x'), 0).size() == 79);
}

TEST_CASE("names cannot control the terminal") {
    CHECK(shown("a\nb\x1B[2J\xC2\x9B\xFF", 200) ==
          "isolite: 120/882, 1 failed, 1 s; w0: a\\nb\\x1b[2J\\xc2\\x9b\\xff 1 s");
}

TEST_CASE("a line that stays takes the place of the progress, which is drawn below it") {
    sink sink;
    progress shown(sink.file(), true, 80);
    shown.update(at(1s));
    sink.news();
    shown.say("failed: orders/first (w1, 12 ms)");
    CHECK(sink.news() == "\r\033[Kfailed: orders/first (w1, 12 ms)\n");
    shown.say("failed: a\nb");
    CHECK(sink.news() == "failed: a\\nb\n");
    shown.update(at(1s));
    CHECK(sink.news() == "\risolite: 120/882, 1 failed, 1 s\033[K");
}

TEST_CASE("a cleared line is drawn by the next update") {
    sink sink;
    progress shown(sink.file(), true, 80);
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
    progress shown(sink.file(), false, 10);
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
    progress shown(sink.file(), false, 80);
    shown.update(at(10s));
    sink.news();
    shown.clear();
    shown.say("failed: orders/first");
    CHECK(sink.news() == "failed: orders/first\n");
    shown.update(at(11s));
    CHECK(sink.news().empty());
}

TEST_CASE("long times are told in minutes") {
    sink sink;
    progress shown(sink.file(), false, 80);
    snapshot now = at(119s);
    now.left = 120s;
    shown.update(now);
    CHECK(sink.news() == "isolite: 120 of 882 cases done, 1 failed, 119 s, about 2 min 0 s left\n");
}

TEST_CASE("there is never less than a second left") {
    sink sink;
    progress shown(sink.file(), false, 80);
    snapshot now = at(10s);
    now.total = 1;
    now.left = 0s;
    shown.update(now);
    CHECK(sink.news() == "isolite: 120 of 1 case done, 1 failed, 10 s, about 1 s left\n");
}
