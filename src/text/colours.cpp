#include "text/colours.hpp"

namespace isolite::text {

std::string coloured(const std::string& text, colour chosen) {
    const char* const code = chosen == colour::red ? "31" : chosen == colour::green ? "32" : "33";
    return "\033[" + std::string(code) + "m" + text + "\033[m";
}

} // namespace isolite::text
