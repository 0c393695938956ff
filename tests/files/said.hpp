#pragma once

#include <cstdio>
#include <functional>
#include <string>

#include <unistd.h>

namespace isolite::paths::tests {

/// Returns what `action` writes to stderr.
inline std::string said(const std::function<void()>& action) {
    std::fflush(stderr);
    const int before = ::dup(STDERR_FILENO);
    std::FILE* const file = std::tmpfile();
    ::dup2(::fileno(file), STDERR_FILENO);
    action();
    std::fflush(stderr);
    ::dup2(before, STDERR_FILENO);
    ::close(before);
    std::rewind(file);
    std::string text;
    for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) {
        text += static_cast<char>(c);
    }
    std::fclose(file);
    return text;
}

} // namespace isolite::paths::tests
