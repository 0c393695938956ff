#include "cli/output_file.hpp"

#include <cerrno>
#include <filesystem>
#include <iostream>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace isolite::cli {

namespace {

namespace files = std::filesystem;

tl::unexpected<error> refusal(const std::string& path, const std::string& why) {
    return tl::unexpected(
        error{errc::system, "write '" + path + "': " + why,
              "name a file in a directory that exists, may be written to and has space left"});
}

std::string words_of(int code) {
    return std::error_code(code, std::generic_category()).message();
}

/// Returns 0, or why not all was written.
int write_all(int descriptor, const std::string& text) {
    std::size_t written = 0;
    while (written < text.size()) {
        const ssize_t count = ::write(descriptor, text.data() + written, text.size() - written);
        if (count >= 0) {
            written += static_cast<std::size_t>(count);
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

int write_to(const std::string& path, int flags, const std::string& text) {
    constexpr mode_t for_all = 0666; // the umask decides
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, for_all);
    if (descriptor < 0) {
        return errno;
    }
    const int failed = write_all(descriptor, text);
    const int unclosed = ::close(descriptor) == 0 ? 0 : errno; // network file systems tell it here
    return failed != 0 ? failed : unclosed;
}

} // namespace

result<void> write_output(const std::string& path, const std::string& text) {
    if (path == "-") {
        std::cout << text;
        return {};
    }
    struct stat status {};
    const bool exists = ::stat(path.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) {
        return refusal(path, "it is a directory");
    }
    if (exists && !S_ISREG(status.st_mode)) { // a pipe or a device
        const int failed = write_to(path, 0, text);
        return failed == 0 ? result<void>() : refusal(path, words_of(failed));
    }
    std::error_code ignored;
    const std::string target = exists ? files::canonical(path, ignored).string() : path; // a link?
    const std::string beside = target + "." + std::to_string(::getpid()) + ".new";
    int failed = write_to(beside, O_CREAT | O_EXCL, text);
    if (failed == 0 && ::rename(beside.c_str(), target.c_str()) != 0) {
        failed = errno;
    }
    if (failed != 0) {
        if (failed != EEXIST) {
            ::unlink(beside.c_str());
        }
        return refusal(path, words_of(failed));
    }
    return {};
}

} // namespace isolite::cli
