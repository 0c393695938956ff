#pragma once

#include <array>
#include <chrono>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <unistd.h>

// What cases of a shop do to each other, as PLAIN_FAULT says; without it, nothing. The programs
// that include this know nothing of isolite.

namespace shop {

inline bool has_fault(const std::string& wanted) {
    const char* const fault = std::getenv("PLAIN_FAULT");
    return fault != nullptr && fault == wanted;
}

inline bool& is_spoiled() {
    static bool value = false;
    return value;
}

/// Says whether nobody else has the lock for a moment.
inline bool take_lock(std::chrono::microseconds held) {
    const int file = ::open("shop.lock", O_CREAT | O_EXCL | O_WRONLY, 0600);
    const auto begun = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begun < held) {
    }
    if (file >= 0) {
        ::close(file);
        ::unlink("shop.lock");
    }
    return file >= 0;
}

/// Says so where the fault is that two cases must not overlap, for a long or for a short time.
inline bool overlaps_nobody() {
    return has_fault("beside")    ? take_lock(std::chrono::milliseconds(100))
           : has_fault("briefly") ? take_lock(std::chrono::microseconds(300))
                                  : true;
}

/// Tells who reads PLAIN_PIPE, if anybody does, and waits for ever.
inline void hang() {
    if (const char* const pipe = std::getenv("PLAIN_PIPE")) {
        std::ofstream(pipe) << "hangs\n";
    }
    for (;;) {
        ::pause();
    }
}

inline bool list() {
    return !((has_fault("behind") || has_fault("within")) && is_spoiled());
}

/// Among temporary files.
inline std::string imported() {
    return std::string(std::getenv("TMPDIR")) + "/imported";
}

inline bool import() {
    is_spoiled() = is_spoiled() || !has_fault("behind");
    if (has_fault("file")) {
        std::ofstream("imported.txt") << "42\n";
    }
    if (has_fault("needs")) {
        std::ofstream(imported()) << "42\n";
    }
    return overlaps_nobody();
}

/// Says whether there is nothing to read, and whether signals can end this process.
inline bool is_as_in_a_shell() {
    sigset_t blocked;
    ::sigprocmask(SIG_BLOCK, nullptr, &blocked);
    return std::getchar() == EOF && ::sigismember(&blocked, SIGTERM) == 0;
}

/// Leaves a process behind, whose number it writes to PLAIN_NUMBERS.
inline void leave_process() {
    const pid_t child = ::fork();
    if (child != 0) {
        std::ofstream(std::getenv("PLAIN_NUMBERS"), std::ios::app) << child << '\n';
        return;
    }
    for (;;) {
        ::pause();
    }
}

/// Says whether the clocks of the place are those of Greenwich.
inline bool is_in_greenwich() {
    const std::time_t begin = 0;
    return std::localtime(&begin)->tm_hour == 0;
}

/// Says whether numbers are written with a point, as the user wants them.
inline bool has_decimal_point() {
    std::setlocale(LC_ALL, "");
    std::string text(8, '\0');
    std::snprintf(&text[0], text.size(), "%.1f", 1.5);
    std::setlocale(LC_ALL, "C");
    return text[1] == '.';
}

struct parcel {
    std::array<char, 200000> label;
    int count;
};

/// Says whether a member is zero that nobody has set.
inline bool is_parcel_empty() {
    const std::unique_ptr<parcel> made(new parcel);
    const volatile int& count = made->count;
    return count == 0;
}

inline bool total() {
    if (has_fault("zone")) {
        return is_in_greenwich();
    }
    if (has_fault("locale")) {
        return has_decimal_point();
    }
    if (has_fault("junk")) {
        return is_parcel_empty();
    }
    if (has_fault("surroundings")) {
        return is_as_in_a_shell();
    }
    if (has_fault("leaves")) {
        leave_process();
    }
    if (has_fault("file")) {
        return !std::ifstream("imported.txt").good();
    }
    if (has_fault("needs")) {
        return std::ifstream(imported()).good();
    }
    if (has_fault("beside") || has_fault("briefly")) {
        return overlaps_nobody();
    }
    if (has_fault("flaky")) {
        return std::random_device()() % 2 == 0;
    }
    if (has_fault("alone")) {
        return is_spoiled();
    }
    if (has_fault("message")) {
        throw std::runtime_error(is_spoiled() ? "there are customers" : "there are none");
    }
    if (is_spoiled() && has_fault("crash")) {
        std::raise(SIGSEGV);
    }
    if (is_spoiled() && has_fault("killed")) {
        std::raise(SIGKILL);
    }
    if (is_spoiled() && has_fault("ends")) {
        std::_Exit(0);
    }
    if (is_spoiled() && has_fault("exits")) {
        std::exit(3);
    }
    if (is_spoiled() && has_fault("exits once") && !std::ifstream(imported()).good()) {
        std::ofstream(imported()) << "42\n";
        std::exit(3);
    }
    if (is_spoiled() && has_fault("hang")) {
        hang();
    }
    return !(is_spoiled() && has_fault("memory"));
}

inline bool cancel() {
    if (has_fault("behind")) {
        is_spoiled() = true;
    }
    return true;
}

} // namespace shop
