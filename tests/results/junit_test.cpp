#include "results/junit.hpp"

#include "../worker/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace std::chrono_literals;
using isolite::results::case_result;
using isolite::results::junit_of;
using isolite::results::outcome;
using isolite::results::test_case;
using isolite::results::verdict;
using isolite::results::write_junit;

namespace {

/// A run of one case, orders/first, that passed.
struct run_of_one {
    run_of_one() {
        cases.resize(1);
        cases[0].name = "orders/first";
        cases[0].suite = "orders";
        run.results.resize(1);
        result().verdict = verdict::passed;
        result().attempts = 1;
        result().duration = 1'234'567us;
        run.workers.resize(1);
        run.workers[0].name = "w0";
        run.wall = 2s;
    }

    case_result& result() { return run.results[0]; }

    [[nodiscard]] std::string report() const { return junit_of(run, cases, "shop"); }

    [[nodiscard]] bool reports(const std::string& part) const {
        CAPTURE(report());
        return report().find(part) != std::string::npos;
    }

    [[nodiscard]] isolite::result<void> write(const std::string& file) const {
        return write_junit(file, run, cases, "shop");
    }

    std::vector<test_case> cases;
    outcome run;
};

std::string skipped(const std::string& why) {
    return "<skipped message=\"" + why + "\">" + why + "</skipped>";
}

std::string content_of(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

std::size_t files_in(const temporary_directory& directory) {
    const std::filesystem::directory_iterator all(directory.path());
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// Lets no file of this process become larger than 100 bytes, for one test.
class small_files {
  public:
    small_files() : usual_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &usual_);
        const struct rlimit small { 100, usual_.rlim_max };
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    small_files(const small_files&) = delete;
    small_files& operator=(const small_files&) = delete;
    ~small_files() {
        ::setrlimit(RLIMIT_FSIZE, &usual_);
        std::signal(SIGXFSZ, usual_handler_);
    }

  private:
    void (*usual_handler_)(int);
    struct rlimit usual_ {};
};

} // namespace

TEST_CASE("a report has the attributes of one by GoogleTest") {
    run_of_one done;
    done.cases[0].file = "shop_test.cpp";
    done.cases[0].line = 12;
    CHECK(done.report() ==
          R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="shop" tests="1" failures="0" errors="0" skipped="0" time="2.000000">
  <testsuite name="orders" tests="1" failures="0" errors="0" skipped="0" time="1.234567">
    <testcase name="first" classname="orders" file="shop_test.cpp" line="12" time="1.234567" status="run" result="completed">
      <properties>
        <property name="worker" value="w0"/>
        <property name="attempts" value="1"/>
      </properties>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST_CASE("a failed case tells why, and what it wrote") {
    run_of_one done;
    done.result().verdict = verdict::failed;
    done.result().failures = 1;
    done.result().why = "1 < 2\nis not so";
    done.result().output = "\x1B[31mred";
    CHECK(done.reports(
        "<failure message=\"1 &lt; 2\" type=\"failure\">1 &lt; 2\nis not so</failure>"));
    CHECK(done.reports("<system-out>\\x1b[31mred</system-out>"));
    CHECK(done.reports("<testsuite name=\"orders\" tests=\"1\" failures=\"1\" errors=\"0\""));
    CHECK(done.reports("<testsuites name=\"shop\" tests=\"1\" failures=\"1\" errors=\"0\""));
    done.result().why = "";
    CHECK(done.reports("<failure message=\"failed\" type=\"failure\">failed</failure>"));
}

TEST_CASE("of a text that readers of XML would refuse the beginning and the end are told") {
    constexpr std::size_t most_for_readers = 10'000'000;
    run_of_one done;
    done.result().why = "begin" + std::string(11'000'000, '"') + "end";
    done.result().attempts = 2;
    done.result().failures = 1;
    for (const verdict became :
         {verdict::passed, verdict::failed, verdict::skipped, verdict::not_run}) {
        done.result().verdict = became;
        const std::string report = done.report();
        CHECK(report.size() < most_for_readers);
        const std::size_t begin = report.find("begin&quot;");
        const std::size_t gap = report.find(" bytes are left out here]", begin);
        CHECK(begin < gap);
        CHECK(gap < report.find("&quot;end", gap));
    }
    done.result().verdict = verdict::failed;
    CHECK(done.reports("message=\"failed 1 of 2 times: begin&quot;"));
    CHECK(done.reports("&quot;end\" type=\"failure\">begin&quot;"));
    CHECK(done.reports("&quot;end</failure>"));
    done.result().output.swap(done.result().why);
    CHECK(done.report().size() < most_for_readers);
}

TEST_CASE("a case that was tried more than once says how often it failed") {
    run_of_one done;
    done.result().attempts = 20;
    done.result().failures = 2;
    done.result().why = "no stock";
    done.result().verdict = verdict::failed;
    CHECK(done.reports("<failure message=\"failed 2 of 20 times: no stock\" type=\"failure\">"));
    CHECK(done.reports("<property name=\"attempts\" value=\"20\"/>"));
    done.result().verdict = verdict::passed;
    CHECK(done.reports("<flakyFailure message=\"failed 2 of 20 times: no stock\""));
    CHECK(done.reports(" failures=\"0\""));
    CHECK_FALSE(done.reports("<failure"));
}

TEST_CASE("the death of a worker is an error of its case") {
    run_of_one done;
    done.result().verdict = verdict::failed;
    done.result().death = "killed by SIGSEGV";
    done.result().why = "it was in teardown";
    CHECK(done.reports(
        "<error message=\"killed by SIGSEGV\" type=\"death\">killed by SIGSEGV\nit was "
        "in teardown</error>"));
    CHECK(done.reports(" failures=\"0\" errors=\"1\""));
    for (const char* const why : {"", "killed by SIGSEGV"}) {
        done.result().why = why;
        CHECK(done.reports(">killed by SIGSEGV</error>"));
    }
}

TEST_CASE("a case that was running when the run was stopped is an error, however often it passed") {
    run_of_one done;
    done.result().verdict = verdict::failed;
    done.result().interrupted = true;
    done.result().death = done.result().why = "it was running";
    done.result().attempts = 3;
    done.result().output = "still waiting";
    CHECK(done.reports("<error message=\"it was running\" type=\"death\">it was running</error>"));
    CHECK(done.reports("<system-out>still waiting</system-out>"));
}

TEST_CASE("cases that were skipped, not run or left out count as skipped") {
    run_of_one done;
    done.result().verdict = verdict::skipped;
    done.result().why = "needs \"prices\"";
    CHECK(done.reports("status=\"run\" result=\"skipped\""));
    CHECK(done.reports(skipped("needs &quot;prices&quot;")));
    CHECK(done.reports(" skipped=\"1\""));
    done.result().attempts = 0;
    done.result().verdict = verdict::not_run;
    CHECK(done.reports("status=\"notrun\" result=\"skipped\""));
    CHECK(done.reports(skipped("not run: needs &quot;prices&quot;")));
    CHECK(done.reports(" skipped=\"1\""));
    CHECK_FALSE(done.reports("<properties>"));
    done.result().why = "";
    CHECK(done.reports(skipped("not run")));
    done.result().verdict = verdict::left_out;
    CHECK(done.reports("status=\"notrun\" result=\"skipped\""));
    CHECK(done.reports(skipped("left out by --failed: it passed the last time")));
    CHECK(done.reports(" skipped=\"1\""));
}

TEST_CASE("cases without a suite are in that of the whole, and suites keep their order") {
    run_of_one done;
    done.cases.resize(4);
    done.cases[1].name = "alone";
    done.cases[2].name = "orders/second";
    done.cases[2].suite = "orders";
    done.cases[3].name = "orders/";
    done.cases[3].suite = "orders";
    done.run.results.resize(4, done.result());
    const std::string report = done.report();
    CHECK(report.find("<testsuite name=\"orders\" tests=\"3\"") <
          report.find("<testsuite name=\"shop\" tests=\"1\""));
    CHECK(done.reports("name=\"alone\" classname=\"shop\""));
    CHECK(done.reports("name=\"second\" classname=\"orders\""));
    CHECK(done.reports("name=\"orders/\" classname=\"orders\""));
}

TEST_CASE("what failed outside of any case is an error of its suite, or of the whole") {
    run_of_one done;
    done.run.failures_outside = {{"orders", "shop_test.cpp", 7, "no printer\nat all"},
                                 {"orders", "shop_test.cpp", 7, "no paper"},
                                 {"", "", 0, "no power"},
                                 {"goods", "", 0, "no shelf"}};
    done.run.troubles = {"worker w0 died", "worker w1 died"};
    CHECK(done.reports("<testsuites name=\"shop\" tests=\"5\" failures=\"0\" errors=\"4\""));
    CHECK(done.reports("<testsuite name=\"orders\" tests=\"2\" failures=\"0\" errors=\"1\""));
    CHECK(done.reports("<testcase name=\"(fixture)\" classname=\"orders\" file=\"shop_test.cpp\" "
                       "line=\"7\" time=\"0.000000\" status=\"run\" result=\"completed\">\n"
                       "      <error message=\"no printer\" type=\"failure\">no printer\nat all\n"
                       "no paper</error>\n    </testcase>\n"));
    CHECK(done.reports("<testsuite name=\"shop\" tests=\"2\" failures=\"0\" errors=\"2\""));
    CHECK(done.reports("<testcase name=\"(fixture)\" classname=\"shop\" time"));
    CHECK(done.reports("<error message=\"no power\""));
    CHECK(done.reports("<testcase name=\"(worker)\" classname=\"shop\" time"));
    CHECK(done.reports("<error message=\"worker w0 died\" type=\"death\">worker w0 died\n"
                       "worker w1 died</error>"));
    CHECK(done.reports("<testsuite name=\"goods\" tests=\"1\" failures=\"0\" errors=\"1\""));
}

TEST_CASE("the death of a worker in the fixtures of a suite is an error of the suite") {
    run_of_one done;
    done.run.deaths_in_fixtures = {
        {{"orders", "shop_test.cpp", 7, "worker w0 died"}, "no paper\n"}};
    CHECK(done.reports("<testcase name=\"(fixture)\" classname=\"orders\" file=\"shop_test.cpp\" "
                       "line=\"7\" time=\"0.000000\" status=\"run\" result=\"completed\">\n"
                       "      <error message=\"worker w0 died\" type=\"death\">worker w0 died\n"
                       "no paper\n</error>\n    </testcase>\n"));
}

TEST_CASE("times are seconds, down to the microsecond") {
    run_of_one done;
    done.result().duration = 1us;
    CHECK(done.reports("time=\"0.000001\""));
    done.result().duration = 61s;
    CHECK(done.reports("time=\"61.000000\""));
}

TEST_CASE("a written report replaces the old one and leaves nothing beside it") {
    const temporary_directory directory;
    const std::string file = directory / "report.xml";
    std::ofstream(file) << std::string(10'000, 'x');
    std::ofstream(file + ".new-" + std::to_string(::getpid())) << "left by a killed process";
    const run_of_one done;
    REQUIRE(done.write(file));
    CHECK(content_of(file) == done.report());
    CHECK(files_in(directory) == 1);
}

TEST_CASE("a report is written through a link, and into what is no file") {
    const temporary_directory directory;
    const run_of_one done;
    const std::string link = directory / "link.xml";
    std::filesystem::create_symlink(directory / "report.xml", link);
    REQUIRE(done.write(link));
    CHECK(std::filesystem::is_symlink(link));
    CHECK(content_of(directory / "report.xml") == done.report());
    const std::string pipe = directory / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), S_IRUSR | S_IWUSR) == 0);
    const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    REQUIRE(done.write(pipe));
    std::string read(10'000, '\0');
    const auto size = ::read(reader, read.data(), read.size());
    ::close(reader);
    CHECK(size == static_cast<ssize_t>(done.report().size()));
    CHECK(std::filesystem::is_fifo(pipe));
}

TEST_CASE("a report that cannot be written says why, and leaves nothing") {
    const temporary_directory directory;
    const run_of_one done;
    const std::string nowhere = directory / "no/report.xml";
    CHECK(done.write(nowhere).error().code == isolite::errc::system);
    CHECK(done.write(nowhere).error().text() == "cannot write the JUnit report " + nowhere +
                                                    ": No such file or directory\n"
                                                    "  hint: make its directory first");
    CHECK(done.write(directory.path()).error().text() ==
          "cannot write the JUnit report " + directory.path() +
              ": Is a directory\n  hint: it is a directory: name a file in it");
    const std::string full = directory / "full"; // a mistake must not replace the device itself
    std::filesystem::create_symlink("/dev/full", full);
    CHECK(done.write(full).error().text() ==
          "cannot write the JUnit report " + full +
              ": No space left on device\n"
              "  hint: free space there, or name a file elsewhere");
    const std::string too_long = directory / std::string(300, 'x');
    CHECK(done.write(too_long).error().hint == "name a file with a shorter path");
    CHECK(files_in(directory) == 1); // the link
}

TEST_CASE("a report that cannot be finished leaves the old one") {
    const temporary_directory directory;
    const std::string file = directory / "report.xml";
    std::ofstream(file) << "old";
    run_of_one done;
    for (const std::size_t size : {1U, 100'000U}) { // the buffer of a stream lies between them
        done.result().output.assign(size, 'x');
        std::string failure;
        {
            const small_files limit;
            failure = done.write(file).error().message;
        }
        CHECK(failure == "write the JUnit report " + file + ": File too large");
        CHECK(content_of(file) == "old");
        CHECK(files_in(directory) == 1);
    }
}
