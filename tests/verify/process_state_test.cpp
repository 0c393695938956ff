#include "../sandbox/in_child.hpp"
#include "verify/process_state.hpp"

#include "os/process_facts.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cfenv>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using isolite::verify::state_watch;
using isolite::verify::trace;

namespace {

namespace fs = std::filesystem;

/// Works in a new directory, with another one for temporary files, while it lives.
class new_place {
  public:
    new_place() {
        std::string name = fs::temp_directory_path() / "isolite-state-XXXXXX";
        root_ = ::mkdtemp(name.data());
        fs::create_directories(root_ / "here");
        fs::create_directories(root_ / "temporary");
        const char* const now = std::getenv("TMPDIR");
        temporary_ = now == nullptr ? "" : now;
        ::setenv("TMPDIR", (root_ / "temporary").c_str(), 1);
        fs::current_path(root_ / "here");
    }
    new_place(const new_place&) = delete;
    new_place& operator=(const new_place&) = delete;
    ~new_place() {
        fs::current_path(before_);
        temporary_.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", temporary_.c_str(), 1);
        fs::remove_all(root_);
    }

  private:
    fs::path before_ = fs::current_path();
    fs::path root_;
    std::string temporary_;
};

using sentences = std::vector<std::string>;

/// Returns what is told of what `body` leaves, and lets `put_back` clear up.
sentences left_by(
    const std::function<void()>& body, const std::function<void()>& put_back = [] {}) {
    state_watch watch;
    watch.begin();
    body();
    const std::vector<trace> traces = watch.end();
    put_back();
    sentences said;
    for (const trace& each : traces) {
        said.push_back(each.sentence);
    }
    return said;
}

/// Returns that in one line, of a process that has done something before, and ends then: not all
/// can be put back.
std::string said_behind(const std::function<void()>& before, const std::function<void()>& body) {
    return in_child([&] {
        before();
        std::string all;
        for (const std::string& each : left_by(body)) {
            all += (all.empty() ? "" : "; ") + each;
        }
        return all;
    });
}

std::string said_of(const std::function<void()>& body) {
    return said_behind([] {}, body);
}

} // namespace

TEST_CASE("a case that leaves all as it was is told of nothing") {
    const new_place here;
    CHECK(left_by([] {
              std::ofstream("file") << "text";
              fs::remove("file");
              ::setenv("ISOLITE_TEST_LEFT", "1", 1);
              ::unsetenv("ISOLITE_TEST_LEFT");
              ::close(::open("/dev/null", O_RDONLY));
              std::thread([] {}).join();
          }).empty());
}

TEST_CASE("variables that are set, changed and unset are told with their values") {
    const new_place here;
    ::setenv("ISOLITE_TEST_OLD", "old", 1);
    ::setenv("ISOLITE_TEST_GONE", "gone", 1);
    CHECK(left_by(
              [] {
                  ::setenv("ISOLITE_TEST_NEW", "new", 1);
                  ::setenv("ISOLITE_TEST_OLD", "other", 1);
                  ::unsetenv("ISOLITE_TEST_GONE");
              },
              [] {
                  ::unsetenv("ISOLITE_TEST_NEW");
                  ::unsetenv("ISOLITE_TEST_OLD");
              }) == sentences{"sets the variable ISOLITE_TEST_NEW to \"new\"",
                              "sets the variable ISOLITE_TEST_OLD to \"other\"",
                              "unsets the variable ISOLITE_TEST_GONE"});
}

TEST_CASE("settings of the process are told") {
    const new_place here;
    const std::string before = fs::current_path();
    CHECK(left_by([] { fs::current_path("/"); }, [&] { fs::current_path(before); }) ==
          sentences{"changes the working directory to \"/\""});
    const ::mode_t mask = ::umask(022);
    CHECK(left_by([] { ::umask(027); }) == sentences{"changes the umask from 022 to 027"});
    ::umask(mask);
    CHECK(left_by([] { std::setlocale(LC_ALL, "C.UTF-8"); }, [] { std::setlocale(LC_ALL, "C"); }) ==
          sentences{"changes the locale from C to C.UTF-8"});
}

TEST_CASE("limits, how the process is scheduled, timers, and how it calculates are told") {
    const new_place here;
    const auto limit_files = [](::rlim_t soft, ::rlim_t hard) {
        return [soft, hard] {
            const ::rlimit both = {soft, hard};
            ::setrlimit(RLIMIT_NOFILE, &both);
        };
    };
    CHECK(said_behind(limit_files(200, 300), limit_files(100, 150)) ==
          "changes the soft limit RLIMIT_NOFILE from 200 to 100"
          "; changes the hard limit RLIMIT_NOFILE from 300 to 150");
    CHECK(said_behind([] { ::setpriority(PRIO_PROCESS, 0, 17); },
                      [] { ::setpriority(PRIO_PROCESS, 0, 19); }) ==
          "changes the nice value from 17 to 19");
    CHECK(said_of([] {
              const ::sched_param usual = {};
              ::sched_setscheduler(0, SCHED_BATCH, &usual);
          }) == "changes the scheduling policy from SCHED_OTHER to SCHED_BATCH");
    CHECK(said_of([] { ::alarm(1000); }) ==
          "changes the timer ITIMER_REAL from stopped to running");
    CHECK(said_behind([] { ::alarm(1000); }, [] { ::alarm(0); }) ==
          "changes the timer ITIMER_REAL from running to stopped");
    CHECK(said_of([] { std::fesetround(FE_UPWARD); }) ==
          "changes the rounding mode from FE_TONEAREST to FE_UPWARD");
    CHECK(said_of([] { ::feenableexcept(FE_DIVBYZERO | FE_INVALID); }) ==
          "changes the floating-point traps from none to FE_DIVBYZERO, FE_INVALID");
}

TEST_CASE("processors that a case takes away are told") {
    const new_place here;
    ::cpu_set_t all;
    ::sched_getaffinity(0, sizeof(all), &all);
    std::vector<std::size_t> allowed;
    for (std::size_t i = 0; i < CPU_SETSIZE; ++i) {
        if (CPU_ISSET(i, &all)) {
            allowed.push_back(i);
        }
    }
    if (allowed.size() < 2) {
        return;
    }
    const auto keep = [](const std::vector<std::size_t>& some) {
        ::cpu_set_t chosen;
        CPU_ZERO(&chosen);
        for (const std::size_t each : some) {
            CPU_SET(each, &chosen);
        }
        ::sched_setaffinity(0, sizeof(chosen), &chosen);
    };
    const auto [first, second] = std::pair(allowed[0], allowed[1]);
    const std::string both =
        std::to_string(first) + (second == first + 1 ? "-" : ", ") + std::to_string(second);
    keep({allowed[0], allowed[1]});
    CHECK(
        left_by([&] { keep({allowed[1]}); }, [&] { keep(allowed); }) ==
        sentences{"changes the allowed processors from " + both + " to " + std::to_string(second)});
}

TEST_CASE("another user and another group are told, with those that differ from the real ones") {
    if (::geteuid() != 0) {
        return; // who is not root may become nobody else
    }
    const new_place here;
    const auto join_no_group = [] {
        const ::gid_t none = 0;
        ::setgroups(0, &none);
    };
    std::ofstream("was_there.txt"); // where the other user may not look
    CHECK(said_behind(join_no_group,
                      [] {
                          const ::gid_t some[] = {7, 8};
                          ::setgroups(2, some);
                          static_cast<void>(::setegid(12));
                          static_cast<void>(::seteuid(34));
                      }) == "changes the user from 0 to real 0, effective 34, saved 0"
                            "; changes the group from 0 to real 0, effective 12, saved 0"
                            "; changes the further groups from none to 7, 8");
}

TEST_CASE("handlers of signals, and blocked signals, are told") {
    const new_place here;
    CHECK(left_by([] { std::signal(SIGUSR1, [](int) {}); }) ==
          sentences{"leaves a handler of SIGUSR1"});
    CHECK(left_by([] { std::signal(SIGUSR1, SIG_IGN); }) == sentences{"leaves SIGUSR1 ignored"});
    CHECK(left_by([] { std::signal(SIGUSR1, SIG_DFL); }) ==
          sentences{"takes away the handler of SIGUSR1"});
    ::sigset_t one;
    ::sigemptyset(&one);
    ::sigaddset(&one, SIGUSR2);
    CHECK(left_by([&] { ::pthread_sigmask(SIG_BLOCK, &one, nullptr); }) ==
          sentences{"blocks SIGUSR2"});
    CHECK(left_by([&] { ::pthread_sigmask(SIG_UNBLOCK, &one, nullptr); }) ==
          sentences{"unblocks SIGUSR2"});
}

TEST_CASE("descriptors are told by what they are") {
    const new_place here;
    int opened = -1;
    CHECK(left_by([&] { opened = ::open("/dev/null", O_RDONLY); }) ==
          sentences{"leaves /dev/null open"});
    const std::string number = std::to_string(opened);
    CHECK(left_by([&] {
              const int other = ::open("/dev/zero", O_RDONLY);
              ::dup2(other, opened);
              ::close(other);
          }) ==
          sentences{"leaves /dev/zero open as descriptor " + number + ", which was /dev/null"});
    CHECK(left_by([&] { ::close(opened); }) ==
          sentences{"closes descriptor " + number + " (/dev/zero)"});
}

TEST_CASE("stdin, stdout and stderr are told by their names, whatever they lead to") {
    const new_place here;
    for (const auto& [number, name] : std::vector<std::pair<int, std::string>>{
             {STDIN_FILENO, "stdin"}, {STDOUT_FILENO, "stdout"}, {STDERR_FILENO, "stderr"}}) {
        const std::string digit = std::to_string(number);
        const int kept = ::dup(number);
        const int opened = number; // a name that a lambda may take, with each compiler
        const auto put_back = [&] { ::dup2(kept, opened); };
        CHECK(left_by([&] { ::close(opened); }, put_back) ==
              sentences{"closes descriptor " + digit + " (" + name + ")"});
        CHECK(left_by(
                  [&] {
                      const int other = ::open("said.txt", O_WRONLY | O_CREAT, 0600);
                      ::dup2(other, opened);
                      ::close(other);
                      fs::remove("said.txt");
                  },
                  put_back) == sentences{"leaves said.txt (deleted) in the working directory open"
                                         " as descriptor " +
                                         digit + ", which was " + name});
        ::close(kept);
    }
}

TEST_CASE("an open file is told by its place, whose path is another one in each experiment") {
    const new_place here;
    int opened = -1;
    const auto open = [&](const fs::path& path) {
        return [&opened, path] { opened = ::open(path.c_str(), O_RDWR | O_CREAT, 0600); };
    };
    std::ofstream("state.db");
    CHECK(left_by(open("state.db")) == sentences{"leaves state.db in the working directory open"});
    const std::string number = std::to_string(opened);
    CHECK(left_by([&] { ::close(opened); }) ==
          sentences{"closes descriptor " + number + " (state.db in the working directory)"});
    std::ofstream(fs::temp_directory_path() / "state.db");
    CHECK(left_by(open(fs::temp_directory_path() / "state.db"), [&] { ::close(opened); }) ==
          sentences{"leaves state.db in the directory for temporary files open"});
}

TEST_CASE("where no file can be opened any more, nothing but that is said") {
    const new_place here;
    std::ofstream("was_there.txt");
    struct ::rlimit usual {};
    ::getrlimit(RLIMIT_NOFILE, &usual);
    CHECK(left_by(
              [&] {
                  const struct ::rlimit none = {0, usual.rlim_max};
                  ::setrlimit(RLIMIT_NOFILE, &none);
              },
              [&] { ::setrlimit(RLIMIT_NOFILE, &usual); }) ==
          sentences{"changes the soft limit RLIMIT_NOFILE from " + std::to_string(usual.rlim_cur) +
                    " to 0"});
}

TEST_CASE("a working directory that is gone is told, and not each file in it") {
    const new_place here;
    std::ofstream("was_there.txt");
    CHECK(said_of([] { fs::remove_all(fs::current_path()); }) == "removes the working directory");
}

TEST_CASE("a directory for temporary files that is gone is told, and not each file in it") {
    const new_place here;
    std::ofstream(fs::temp_directory_path() / "was_there.txt");
    const fs::path gone = fs::temp_directory_path();
    CHECK(left_by([&] { fs::remove_all(gone); }, [&] { fs::create_directory(gone); }) ==
          sentences{"removes the directory for temporary files"});
}

TEST_CASE("sockets and pipes are told without their numbers, which are others each time") {
    const new_place here;
    std::array<int, 2> ends{};
    bool is_made = false;
    CHECK(left_by([&] { is_made = ::pipe(ends.data()) == 0; }) ==
          sentences{"leaves a pipe open", "leaves a pipe open"});
    REQUIRE(is_made);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const std::string number = std::to_string(ends[0]);
    CHECK(left_by([&] { ::dup2(socket, ends[0]); }) ==
          sentences{"leaves a socket open as descriptor " + number + ", which was a pipe"});
    CHECK(left_by([&] { ::close(ends[0]); }) ==
          sentences{"closes descriptor " + number + " (a socket)"});
    ::close(ends[1]);
    ::close(socket);
}

TEST_CASE("threads that run on are counted") {
    const new_place here;
    std::promise<void> end;
    std::thread thread;
    CHECK(left_by([&] { thread = std::thread([waits = end.get_future()] { waits.wait(); }); },
                  [&] {
                      end.set_value();
                      thread.join();
                  }) == sentences{"leaves 1 thread running"});
}

TEST_CASE("files are told that are made, changed and removed, here and among temporary ones") {
    const new_place here;
    CHECK(left_by([] {
              std::ofstream("new.txt") << "text";
              fs::create_directory("folder");
          }) == sentences{"makes the directory folder in the working directory",
                          "makes the file new.txt in the working directory"});
    CHECK(left_by([] { std::ofstream("new.txt") << "another text"; }) ==
          sentences{"changes the file new.txt in the working directory"});
    CHECK(left_by([] {
              fs::remove("new.txt");
              fs::remove("folder");
          }) == sentences{"removes the directory folder in the working directory",
                          "removes the file new.txt in the working directory"});
    CHECK(left_by([] { std::ofstream(fs::temp_directory_path() / "new.txt") << "text"; }) ==
          sentences{"makes the file new.txt in the directory for temporary files"});
}

TEST_CASE("a case that has left its directory is seen there all the same") {
    const new_place here;
    const std::string before = fs::current_path();
    CHECK(left_by(
              [] {
                  std::ofstream("new.txt") << "text";
                  fs::current_path("/");
              },
              [&] { fs::current_path(before); }) ==
          sentences{"changes the working directory to \"/\"",
                    "makes the file new.txt in the working directory"});
}
