#include "worker/process_exit.hpp"

#include "os/own_process.hpp"
#include "worker/coverage.hpp"
#include "worker/forked_places.hpp"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <vector>

extern "C" {
[[gnu::weak]] void __lsan_do_leak_check(void);
[[gnu::weak]] void __sanitizer_set_report_path(const char* path);
}

namespace isolite::workers {

namespace {

std::vector<void (*)()>& called_at_end() {
    static auto* const functions = new std::vector<void (*)()>; // destructors may leave, too
    return *functions;
}

} // namespace

void call_at_end(void (*function)()) {
    called_at_end().push_back(function);
    static_cast<void>(std::atexit(function)); // what it would do then is done by a later run
}

void leave_process(int status) noexcept {
    std::cout.flush();
    std::cerr.flush();
    std::clog.flush();
    std::fflush(nullptr);
    give_up_places();
    for (void (*const function)() : called_at_end()) {
        function();
    }
    write_coverage();
    if (&__lsan_do_leak_check != nullptr) {
        __lsan_do_leak_check();
    }
    os::end_at_once(status);
}

bool is_sanitized() {
    return &__sanitizer_set_report_path != nullptr;
}

bool has_sanitizer_report(const std::string& text) {
    return text.find("Sanitizer: ") != std::string::npos ||
           text.find(": runtime error: ") != std::string::npos;
}

} // namespace isolite::workers
