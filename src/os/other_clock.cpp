#include "os/other_clock.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string>

#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

// The C library asks the kernel for the time in a piece of code that the kernel has put into each
// process, the vDSO: a private copy as soon as somebody writes to it, as debuggers do. Its
// functions get a jump to those below. To interpose on `clock_gettime` would reach neither what is
// linked statically nor what the C library asks itself, and would be in the way of all programs
// that use isolite. Source: https://man7.org/linux/man-pages/man7/vdso.7.html

namespace isolite::os {

namespace {

constexpr long nanoseconds_in_second = 1000000000;

/// How far the clock of this process is ahead: seconds, fewer than none if it is behind, and the
/// nanoseconds beyond these.
std::atomic<std::int64_t> seconds_ahead{0};
std::atomic<long> nanoseconds_ahead{0};

bool can_be_set(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

/// Asks the kernel itself. Returns 0, or the negative number of an error, as the vDSO does.
int true_time(clockid_t clock, timespec* now) {
    const int before = errno;
    const int code = ::syscall(SYS_clock_gettime, clock, now) == 0 ? 0 : -errno;
    errno = before;
    return code;
}

int shifted_time(clockid_t clock, timespec* now) {
    const int code = true_time(clock, now);
    if (code == 0 && can_be_set(clock)) {
        now->tv_sec += static_cast<std::time_t>(seconds_ahead.load(std::memory_order_relaxed));
        now->tv_nsec += nanoseconds_ahead.load(std::memory_order_relaxed);
        if (now->tv_nsec >= nanoseconds_in_second) {
            now->tv_nsec -= nanoseconds_in_second;
            ++now->tv_sec;
        }
    }
    return code;
}

int shifted_time_of_day(timeval* now, struct ::timezone* zone) {
    if (zone != nullptr) {
        *zone = {}; // which nobody has set for decades
    }
    timespec exact{};
    if (now != nullptr && shifted_time(CLOCK_REALTIME, &exact) == 0) {
        constexpr long nanoseconds_in_microsecond = 1000;
        *now = {exact.tv_sec, exact.tv_nsec / nanoseconds_in_microsecond};
    }
    return 0;
}

std::time_t shifted_seconds(std::time_t* to) {
    timespec exact{};
    shifted_time(CLOCK_REALTIME, &exact);
    if (to != nullptr) {
        *to = exact.tv_sec;
    }
    return exact.tv_sec;
}

#ifdef __x86_64__

/// The memory in which the kernel has put its code, which is protected as a whole or not at all.
class code_of_kernel {
  public:
    code_of_kernel() {
        std::ifstream map("/proc/self/maps");
        for (std::string line; std::getline(map, line);) {
            if (line.find("[vdso]") != std::string::npos) {
                std::sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR, &begin_, &end_);
            }
        }
    }

    [[nodiscard]] bool protect(int as) const {
        return end_ > begin_ && ::mprotect(reinterpret_cast<void*>(begin_), end_ - begin_, as) == 0;
    }

    [[nodiscard]] bool has(const void* function) const {
        const auto place = reinterpret_cast<std::uintptr_t>(function);
        return place >= begin_ && place < end_;
    }

  private:
    std::uintptr_t begin_ = 0;
    std::uintptr_t end_ = 0;
};

/// Lets a function jump to another one.
void redirect(void* function, const void* to) {
    constexpr std::size_t to_address = 2;
    std::array<unsigned char, 12> code = {0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, // mov rax, to
                                          0xff, 0xe0};                        // jmp rax
    std::memcpy(&code[to_address], &to, sizeof to);
    std::memcpy(function, code.data(), code.size());
}

bool redirect_all() {
    void* const kernel = ::dlopen("linux-vdso.so.1", RTLD_LAZY | RTLD_NOLOAD);
    const code_of_kernel code;
    if (kernel == nullptr || !code.protect(PROT_READ | PROT_WRITE | PROT_EXEC)) {
        return false;
    }
    struct function {
        const char* name;
        const void* other;
    };
    const std::array<function, 3> all = {
        {{"__vdso_clock_gettime", reinterpret_cast<const void*>(&shifted_time)},
         {"__vdso_gettimeofday", reinterpret_cast<const void*>(&shifted_time_of_day)},
         {"__vdso_time", reinterpret_cast<const void*>(&shifted_seconds)}}};
    bool is_done = true;
    for (const auto& [name, other] : all) {
        void* const found = ::dlsym(kernel, name);
        if (found != nullptr && code.has(found)) {
            redirect(found, other);
        } else {
            is_done = false;
        }
    }
    return code.protect(PROT_READ | PROT_EXEC) && is_done;
}

#else

bool redirect_all() {
    return false;
}

#endif

/// Says whether all that tell the time agree that it is about this one.
bool is_shown(std::int64_t seconds) {
    constexpr std::int64_t most = 2; // may have passed since
    timespec exact{};
    timeval of_day{};
    ::clock_gettime(CLOCK_REALTIME, &exact);
    ::gettimeofday(&of_day, nullptr);
    const auto is_it = [seconds](std::int64_t shown) {
        return shown >= seconds - most && shown <= seconds + most;
    };
    return is_it(exact.tv_sec) && is_it(of_day.tv_sec) && is_it(std::time(nullptr));
}

} // namespace

bool show_time(std::chrono::seconds since_1970) {
    static const bool is_redirected = redirect_all();
    timespec now{};
    if (!is_redirected || true_time(CLOCK_REALTIME, &now) != 0) {
        return false;
    }
    constexpr long behind = 20000000; // what the coarse clock may be, in nanoseconds
    const bool is_late = now.tv_nsec > behind;
    seconds_ahead.store(since_1970.count() - now.tv_sec - (is_late ? 1 : 0));
    nanoseconds_ahead.store(behind - now.tv_nsec + (is_late ? nanoseconds_in_second : 0));
    return true;
}

std::timespec time_of_machine() noexcept {
    timespec now{};
    const bool is_other = seconds_ahead.load() != 0 || nanoseconds_ahead.load() != 0;
    is_other ? true_time(CLOCK_REALTIME_COARSE, &now)
             : ::clock_gettime(CLOCK_REALTIME_COARSE, &now); // which costs no system call
    return now;
}

bool can_show_other_time() {
    static const bool can = [] {
        const pid_t child = ::fork();
        if (child == 0) {
            constexpr std::chrono::seconds some_time(86400 * 366);
            const bool is_done = show_time(some_time) && is_shown(some_time.count());
            ::_exit(is_done ? 0 : 1);
        }
        int status = 1;
        while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
        return child > 0 && status == 0;
    }();
    return can;
}

} // namespace isolite::os
