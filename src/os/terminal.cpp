#include "os/terminal.hpp"

#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace isolite::os {

std::optional<unsigned> columns_of_stderr() {
    const char* const kind = std::getenv("TERM");
    if (::isatty(STDERR_FILENO) == 0 || kind == nullptr || std::string_view(kind) == "dumb") {
        return std::nullopt;
    }
    struct winsize size {};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0U;
}

bool has_colours_on_stderr() {
    const auto value_of = [](const char* name) {
        const char* const value = std::getenv(name);
        return std::string_view(value == nullptr ? "" : value);
    };
    if (!value_of("NO_COLOR").empty()) {
        return false;
    }
    if (const std::string_view forced = value_of("CLICOLOR_FORCE"); !forced.empty()) {
        return forced != "0" || columns_of_stderr().has_value();
    }
    return value_of("CLICOLOR") != "0" && columns_of_stderr().has_value();
}

} // namespace isolite::os
