#pragma once

#include <isolite/fixture.hpp>
#include <isolite/seed.hpp>
#include <isolite/worker.hpp>

#include <SQLiteCpp/Database.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/// What the cases of the chaos programs do. The variable CHAOS lists it, one word for each case;
/// chaos_test.py judges. Both programs are made of the same cases.
namespace chaos {

/// The process that began the program: only workers are to crash.
inline const pid_t first_process = ::getpid();

struct stock {
    static isolite::seed seed() {
        return isolite::seed("stock").sql("CREATE TABLE products(id INTEGER PRIMARY KEY, name);"
                                          "INSERT INTO products(name) VALUES ('tea'), ('milk')");
    }
};

inline std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value ? value : "";
}

inline void log(const std::string& what);
[[noreturn]] inline void wait_for_ever();

/// A database whose fixture crashes in its set-up, and whose seed ends the process or hangs if
/// CHAOS_SEED says so.
struct trapped {
    static isolite::seed seed() {
        isolite::seed made("trapped");
        if (variable("CHAOS_SEED") == "exit") {
            made.step("leave", "1", [](SQLite::Database&) { std::exit(0); });
        }
        if (variable("CHAOS_SEED") == "hang") {
            made.step("hang", "1", [](SQLite::Database&) {
                log("seed");
                wait_for_ever();
            });
        }
        return made.sql("CREATE TABLE t(x)").on_connect([](SQLite::Database&) {
            if (::getpid() != first_process) {
                ::raise(SIGSEGV);
            }
        });
    }
};

/// Returns what case `number` is to do: by default nothing.
inline std::string act_of(unsigned number) {
    std::istringstream words(variable("CHAOS"));
    std::string word = "pass";
    for (unsigned i = 0; i <= number && words; ++i) {
        if (!(words >> word)) {
            return "pass";
        }
    }
    return word;
}

/// Adds a line about this process to the file that CHAOS_LOG names.
inline void log(const std::string& what) {
    const std::string file = variable("CHAOS_LOG");
    const auto& worker = isolite::worker::current();
    if (file.empty() || !worker) {
        return;
    }
    const std::string line = what + " " + worker->name + " " + std::to_string(worker->slot) + " " +
                             std::to_string(worker->incarnation) + " " +
                             std::to_string(::getpid()) + "\n";
    const int to = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (to < 0 || ::write(to, line.data(), line.size()) < 0) {
        std::perror("log");
    }
    ::close(to);
}

[[noreturn]] inline void wait_for_ever() {
    for (;;) {
        ::pause();
    }
}

/// Allocates until there is no memory, as a test does that runs wild.
inline void use_all_memory() {
    constexpr std::size_t block = std::size_t{1} << 20U;
    rlimit before{};
    ::getrlimit(RLIMIT_AS, &before);
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    rlimit tight = before;
    tight.rlim_cur = pages * static_cast<std::size_t>(::getpagesize()) + 16 * block;
    ::setrlimit(RLIMIT_AS, &tight);
    std::vector<char*> blocks;
    blocks.reserve(64);
    try {
        while (blocks.size() < 64) {
            blocks.push_back(new char[block]);
        }
    } catch (const std::bad_alloc&) {
        for (const char* const each : blocks) {
            delete[] each;
        }
        ::setrlimit(RLIMIT_AS, &before);
        throw;
    }
}

/// Ends about when it is due, with a timeout of 100 ms.
inline void nap(unsigned number) {
    std::this_thread::sleep_for(std::chrono::milliseconds(95 + number * 3));
}

/// Says whether the case is run for the first time.
inline bool is_first_time(unsigned number) {
    std::ifstream log(variable("CHAOS_LOG"));
    unsigned times = 0;
    for (std::string line; std::getline(log, line);) {
        times += line.compare(0, line.find(' '), "c" + std::to_string(number)) == 0 ? 1 : 0;
    }
    return times == 1;
}

inline void use_all_memory_noexcept() noexcept {
    use_all_memory();
}

/// Forks; the parent goes on. In the child it returns true.
inline bool in_child() {
    std::cout.flush();
    return ::fork() == 0;
}

inline void fork_twice() {
    const pid_t child = ::fork();
    if (child == 0) {
        if (::fork() == 0) {
            ::setsid();
            wait_for_ever();
        }
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
}

/// Lets a child return from the body of the case, and waits for its end.
inline void let_child_return() {
    ::signal(SIGCHLD, SIG_DFL); // which another case may have left ignored
    if (const pid_t child = ::fork(); child > 0) {
        int status = 0;
        ::waitpid(child, &status, 0);
        constexpr int expected = 118;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != expected) {
            throw std::runtime_error("the child ended with " + std::to_string(status));
        }
    }
}

inline void write_flood() {
    constexpr std::size_t lines = 100'000; // of 100 bytes: 10 MB
    for (std::size_t i = 0; i < lines; ++i) {
        std::printf("%099zu\n", i);
    }
}

inline void spoil_signals() {
    sigset_t spoiled;
    ::sigemptyset(&spoiled);
    for (const int signal : {SIGTERM, SIGCHLD, SIGPIPE, SIGINT, SIGHUP, SIGALRM}) {
        ::sigaddset(&spoiled, signal);
        ::signal(signal, SIG_IGN);
    }
    ::sigprocmask(SIG_BLOCK, &spoiled, nullptr);
}

inline void close_low_descriptors() {
    std::fflush(nullptr);
    for (int descriptor = 0; descriptor <= 20; ++descriptor) {
        ::close(descriptor);
    }
}

/// Joins the process group of its parent, which is not the one that the parent kills.
inline void leave_group() {
    ::setpgid(0, ::getpgid(::getppid()));
}

inline bool parent_has_child(const std::string& name) {
    const std::string parent = std::to_string(::getppid());
    std::ifstream list("/proc/" + parent + "/task/" + parent + "/children");
    for (std::string child, found; list >> child;) {
        std::ifstream("/proc/" + child + "/comm") >> found;
        if (found == name) {
            return true;
        }
    }
    return false;
}

/// Closes everything and opens a file of its own under all numbers.
inline void usurp_descriptors() {
    ::closefrom(3);
    const int own = ::open(variable("CHAOS_FILE").c_str(), O_RDWR | O_CLOEXEC);
    while (::dup(own) >= 0 && ::fcntl(700, F_GETFD) < 0) {
    }
}

/// A program may start threads before its first test.
inline const bool has_thread = [] {
    if (!variable("CHAOS_THREAD").empty()) {
        std::thread(wait_for_ever).detach();
    }
    return true;
}();

/// Does what the case of this number is to do. `Session` and `Trap` are fixtures on the databases,
/// `fail` is an assertion of the framework that fails.
template <typename Session, typename Trap, typename Fail>
void act(unsigned number, Fail fail) {
    const std::string name = act_of(number);
    log("c" + std::to_string(number));
    std::printf("c%u says <%s>\n", number, name.c_str());
    std::cout << "c" << number << " in C++" << std::endl;
    static const std::map<std::string, void (*)()> simple = {
        {"pass", [] {}},
        {"sigkill", [] { ::kill(::getpid(), SIGKILL); }},
        {"abort", [] { std::abort(); }},
        {"segv", [] { ::raise(SIGSEGV); }},
        {"exit", [] { std::exit(0); }},
        {"exit_3", [] { std::exit(3); }},
        {"child_exit",
         [] {
             if (const pid_t child = ::fork(); child == 0) {
                 std::exit(0);
             } else if (int status = 0; ::waitpid(child, &status, 0) != child || status != 0) {
                 throw std::runtime_error("the child ended with " + std::to_string(status));
             }
         }},
        {"_exit", [] { ::_exit(3); }},
        {"quick_exit", [] { std::quick_exit(4); }},
        {"memory", use_all_memory},
        {"memory_death", use_all_memory_noexcept},
        {"hang", wait_for_ever},
        {"stop", [] { ::raise(SIGSTOP); }},
        {"child",
         [] {
             if (in_child()) {
                 wait_for_ever();
             }
         }},
        {"deaf_child",
         [] {
             if (in_child()) {
                 spoil_signals();
                 wait_for_ever();
             }
         }},
        {"setsid",
         [] {
             if (in_child()) {
                 ::setsid();
                 wait_for_ever();
             }
         }},
        {"daemon", fork_twice},
        {"stray", let_child_return},
        {"loose_stray", [] { static_cast<void>(in_child()); }},
        {"group",
         [] {
             if (in_child()) {
                 ::setpgid(0, 0);
                 wait_for_ever();
             }
         }},
        {"close", close_low_descriptors},
        {"closefrom", [] { ::closefrom(3); }},
        {"usurp", usurp_descriptors},
        {"exec", [] { ::execlp("true", "true", nullptr); }},
        {"defect", leave_group},
        {"defect_hang",
         [] {
             leave_group();
             wait_for_ever();
         }},
        {"stdin",
         [] {
             if (std::getchar() != EOF) {
                 throw std::runtime_error("there is something to read");
             }
         }},
        {"signals", spoil_signals},
        {"chdir", [] { static_cast<void>(::chdir("/") == 0); }},
        {"throw", [] { throw std::runtime_error("thrown"); }},
        {"session", [] { Session().execute("INSERT INTO products(name) VALUES ('bread')"); }},
        {"leak",
         [] {
             Session session;
             session.execute("INSERT INTO products(name) VALUES ('bread')");
             session.execute("COMMIT");
         }},
        {"stray_session",
         [] {
             Session session;
             let_child_return();
             session.execute("INSERT INTO products(name) VALUES ('bread')");
         }},
        {"trap", [] { Trap trap; }},
        {"begins",
         [] {
             // Lets a process go on that was there before, and waits until what it starts is an
             // orphan.
             std::ofstream("began") << "now";
             while (!parent_has_child("sleep")) {
                 std::this_thread::yield();
             }
         }},
        {"tty", [] { std::ifstream("/dev/tty").get(); }},
    };
    if (const auto found = simple.find(name); found != simple.end()) {
        found->second();
    } else if (name == "fail" || (name == "flaky" && is_first_time(number))) {
        fail();
    } else if (name == "flaky_death") {
        ::kill(::getpid(), is_first_time(number) ? SIGKILL : 0);
    } else if (name == "due") {
        nap(number);
    } else if (name == "blink") {
        std::this_thread::sleep_for(std::chrono::milliseconds(6));
    } else if (name == "many") {
        for (int i = 0; i < 100'000; ++i) {
            fail();
        }
    } else if (name == "flood") {
        write_flood();
        fail();
    } else if (name == "nasty") {
        std::cout << "<&]]>" << std::string(3, '\0') << "\033[31mred\033[0m" << std::endl;
        fail();
    } else if (name == "close_fail") {
        close_low_descriptors();
        fail();
    } else if (name != "flaky") {
        throw std::logic_error("what is " + name + "?");
    }
}

} // namespace chaos
