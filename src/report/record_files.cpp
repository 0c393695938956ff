#include "report/record_files.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <tuple>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace isolite::report {

namespace {

namespace files = std::filesystem;

constexpr const char* reading = "read the records in";
constexpr const char* way_out = "look at its owner and its permissions";

/// Closes a descriptor at the end of a block.
struct open_descriptor {
    int number;
    explicit open_descriptor(int opened) : number(opened) {}
    open_descriptor(const open_descriptor&) = delete;
    open_descriptor& operator=(const open_descriptor&) = delete;
    ~open_descriptor() {
        if (number >= 0) {
            ::close(number);
        }
    }
};

/// Returns what could be read: less than `bytes` if the file was cut meanwhile.
std::string read_up_to(int descriptor, std::uint64_t bytes) {
    std::string text(bytes, '\0');
    std::size_t filled = 0;
    while (filled < text.size()) {
        const ssize_t got = ::read(descriptor, text.data() + filled, text.size() - filled);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        filled += static_cast<std::size_t>(got);
    }
    text.resize(filled);
    return text;
}

} // namespace

error file_error(const std::string& task, const std::string& path, int code, std::string hint) {
    return {errc::system,
            task + " '" + path + "': " + std::error_code(code, std::generic_category()).message(),
            std::move(hint)};
}

result<std::vector<record_file>> record_files_in(const std::string& directory) {
    std::vector<record_file> found;
    std::error_code failed;
    files::directory_iterator at(directory, failed);
    for (; !failed && at != files::directory_iterator(); at.increment(failed)) {
        struct stat status {};
        const std::string path = at->path().string();
        if (at->path().extension() == ".jsonl" && ::lstat(path.c_str(), &status) == 0 &&
            S_ISREG(status.st_mode)) {
            found.push_back({path, static_cast<std::uint64_t>(status.st_size)});
        }
    }
    if (failed) {
        return tl::unexpected(file_error(reading, directory, failed.value(), way_out));
    }
    std::sort(found.begin(), found.end(), [](const record_file& left, const record_file& right) {
        return left.path < right.path;
    });
    return found;
}

result<std::string> read_records(const std::string& path, std::uint64_t most_bytes) {
    // Somebody may have put a pipe or a link there since the directory was read.
    const open_descriptor file(
        ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status {};
    if (file.number < 0 || ::fstat(file.number, &status) != 0) {
        return tl::unexpected(file_error(reading, path, errno, way_out));
    }
    if (!S_ISREG(status.st_mode)) {
        return tl::unexpected(file_error(reading, path, EINVAL, way_out));
    }
    return read_up_to(file.number,
                      std::min(static_cast<std::uint64_t>(status.st_size), most_bytes));
}

} // namespace isolite::report
