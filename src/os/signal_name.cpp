#include "os/signal_name.hpp"

#include <cstring>

namespace isolite::os {

std::string name_of_signal(int signal) {
    const char* const name = ::sigabbrev_np(signal);
    return name ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

} // namespace isolite::os
