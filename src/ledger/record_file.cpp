#include "ledger/record_file.hpp"

#include "os/descriptor.hpp"
#include "os/lock_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace isolite {

namespace {

constexpr os::purpose keeping_records = {"keep records of what fixtures cost", "ISOLITE_LEDGER"};
constexpr std::size_t most_bytes = std::size_t(64) << 20;
constexpr std::size_t least_piece = std::size_t(64) << 10;
constexpr std::size_t largest_piece = std::size_t(1) << 20;

/// Says whether a file may not become so large. Writing to it nevertheless would end a test by a
/// signal that has set itself a limit.
bool exceeds_limit(std::size_t bytes) {
    struct rlimit limit {};
    return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < bytes;
}

/// Fills a part of a file with newlines. Returns the code of what went wrong, 0 if nothing did.
int fill(int file, std::size_t from, std::size_t to) {
    // Never destroyed: sessions in static variables may be closed after any destructor of ours.
    static const auto* const newlines = new std::string(least_piece, '\n');
    if (exceeds_limit(to)) {
        return EFBIG;
    }
    while (from < to) {
        const auto count = std::min(least_piece, to - from);
        const ssize_t written = ::pwrite(file, newlines->data(), count, static_cast<off_t>(from));
        if (written == 0 || (written < 0 && errno != EINTR)) {
            return written < 0 ? errno : ENOSPC;
        }
        from += static_cast<std::size_t>(std::max<ssize_t>(written, 0));
    }
    return 0;
}

} // namespace

record_file::record_file(std::string path, dev_t device, ino_t inode)
    : path_(std::move(path)), device_(device), inode_(inode) {}

result<record_file> record_file::create(const std::string& directory, const std::string& stem) {
    for (unsigned number = 1;; ++number) {
        const std::string suffix = number == 1 ? "" : "-" + std::to_string(number);
        const std::string path = directory + "/" + stem + suffix + ".jsonl";
        const auto file = os::descriptor::of_file(path, O_RDWR | O_CREAT | O_EXCL);
        struct stat status {};
        if (file && ::fstat(file.number(), &status) == 0) {
            // A test may have set a mask that keeps even its own process out.
            static_cast<void>(::fchmod(file.number(), S_IRUSR | S_IWUSR));
            return record_file(path, status.st_dev, status.st_ino);
        }
        if (errno != EEXIST) {
            return tl::unexpected(os::system_error(keeping_records, "making " + path, errno));
        }
    }
}

result<void> record_file::append(std::string_view line) {
    if (size_ + line.size() > reserved_) {
        if (auto done = reserve(line.size()); !done) {
            return done;
        }
    }
    std::memcpy(mapped_ + (size_ - mapped_from_), line.data(), line.size());
    size_ += line.size();
    return {};
}

result<void> record_file::reserve(std::size_t bytes) {
    if (size_ + bytes > most_bytes) {
        return tl::unexpected(
            error{errc::system, std::string(keeping_records.task) + ": " + path_ + " has 64 MiB",
                  "nothing is wrong with the tests; what follows is not in "
                  "`isolite report`"});
    }
    const auto file = os::descriptor::of_file(path_, O_RDWR | O_NOFOLLOW);
    struct stat status {};
    if (!file || ::fstat(file.number(), &status) != 0) {
        return tl::unexpected(failure("opening", errno));
    }
    if (status.st_dev != device_ || status.st_ino != inode_) {
        return tl::unexpected(failure("opening", ESTALE));
    }
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t from = size_ / page * page;
    const std::size_t piece = std::min(std::max(least_piece, size_ / 2), largest_piece);
    const std::size_t to = std::min((size_ + bytes + piece) / page * page, most_bytes);
    if (const int code = fill(file.number(), size_, to); code != 0) {
        trim();
        static_cast<void>(file.resize(size_));
        return tl::unexpected(failure("writing", code));
    }
    void* const mapped = ::mmap(nullptr, to - from, PROT_READ | PROT_WRITE, MAP_SHARED,
                                file.number(), static_cast<off_t>(from));
    if (mapped == MAP_FAILED) {
        return tl::unexpected(failure("mapping", errno));
    }
    if (mapped_) {
        ::munmap(mapped_, reserved_ - mapped_from_);
    }
    mapped_ = static_cast<char*>(mapped);
    mapped_from_ = from;
    reserved_ = to;
    return {};
}

void record_file::trim() noexcept {
    if (mapped_) {
        ::munmap(mapped_, reserved_ - mapped_from_);
        mapped_ = nullptr;
        reserved_ = size_;
        struct stat status {};
        if (::lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ &&
            status.st_ino == inode_) {
            static_cast<void>(::truncate(path_.c_str(), static_cast<off_t>(size_)));
        }
    }
}

error record_file::failure(const std::string& what, int code) const {
    return os::system_error(keeping_records, what + " " + path_, code);
}

} // namespace isolite
