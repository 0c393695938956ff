#include "os/last_words.hpp"

#include "os/own_process.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>

namespace isolite::os {

namespace {

constexpr std::array deadly = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGINT};
constexpr std::size_t of_sanitizers = 5; ///< so many of them

std::array<struct sigaction, deadly.size()> earlier;
void (*words)() = nullptr;
std::atomic<pid_t> speaker = 0; ///< until it has said them

void say_and_die(int signal, siginfo_t* about, void* /*context*/) {
    for (std::size_t i = 0; i < deadly.size(); ++i) {
        if (deadly[i] == signal) {
            ::sigaction(signal, &earlier[i], nullptr);
        }
    }
    pid_t self = own_number();
    if (speaker.compare_exchange_strong(self, 0)) {
        words();
    }
    const bool comes_again = about->si_code > 0; // when the instruction that failed is run again
    if (!comes_again) {
        std::raise(signal); // blocked until this returns
    }
}

} // namespace

void say_before_death(void (*say)(), bool is_sanitized) {
    words = say;
    speaker = own_number();
    struct sigaction action = {};
    action.sa_sigaction = say_and_die;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK; // the stack may be what overflowed
    sigfillset(&action.sa_mask);
    for (std::size_t i = 0; i < deadly.size(); ++i) {
        ::sigaction(deadly[i], nullptr, &earlier[i]);
        const bool is_handled = earlier[i].sa_handler != SIG_DFL;
        const bool is_ignored = earlier[i].sa_handler == SIG_IGN;
        if (!is_handled || (is_sanitized && i < of_sanitizers && !is_ignored)) {
            ::sigaction(deadly[i], &action, nullptr);
        }
    }
}

} // namespace isolite::os
