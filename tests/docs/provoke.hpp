#pragma once

#include <isolite/session.hpp>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// The parts of provoke_messages, each in a file of its own.
void provoke_images(const std::string& directory);
void provoke_leaks(const std::string& directory);
void provoke_ledger(const std::string& directory);
void provoke_sessions(const std::string& directory);
void provoke_workers(const std::string& directory);

/// Prints a message for troubleshooting_test.py.
inline void print(const std::string& text) {
    std::printf("%s\n%%%%\n", text.c_str());
}

/// Prints the error of a result. That there is none is a mistake of this program.
template <typename Result>
void print_error(const Result& failed) {
    print(failed ? "nothing failed" : failed.error().text());
}

/// Returns what `body` writes to stderr in a process of its own, where a warning is the first.
inline std::string written_by_child(const std::string& directory,
                                    const std::function<void()>& body) {
    const std::string told = directory + "/told by a child";
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(::open(told.c_str(), O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR), 2);
        body();
        ::_exit(EXIT_SUCCESS);
    }
    ::waitpid(child, nullptr, 0);
    std::ostringstream text;
    text << std::ifstream(told).rdbuf();
    return text.str();
}

/// Returns a message without what stands before it, and from `rest` on.
inline std::string without_lead(std::string text, const std::string& lead,
                                const std::string& rest) {
    text.erase(0, text.rfind(lead, 0) == 0 ? lead.size() : 0);
    while (!text.empty() && text.back() == '\n') {
        text.pop_back();
    }
    return rest.empty() ? text : text.substr(0, text.find(rest));
}

inline isolite::seed stock_seed() {
    return isolite::seed("stock").sql(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, product UNIQUE);"
        "CREATE TABLE notes (note); INSERT INTO notes VALUES (x'00');"
        "INSERT INTO orders (product) VALUES (7), (8);");
}

inline isolite::engine open_engine(const isolite::seed& seed = stock_seed()) {
    auto opened = isolite::engine::open(seed);
    if (!opened) {
        print(opened.error().text());
        std::exit(EXIT_FAILURE);
    }
    return std::move(*opened);
}

/// Returns a further connection, which does not wait for locks.
inline SQLite::Database connect(const isolite::engine& engine) {
    auto opened = engine.connect(std::chrono::milliseconds(0));
    if (!opened) {
        print(opened.error().text());
        std::exit(EXIT_FAILURE);
    }
    return std::move(*opened);
}
