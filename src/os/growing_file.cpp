#include "os/growing_file.hpp"

#include "os/descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

namespace isolite::os {

namespace {

constexpr std::size_t least_piece = std::size_t(64) << 10;
constexpr std::size_t largest_piece = std::size_t(1) << 20;

file_identity identity_of(const file_facts& facts) {
    return {facts.device, facts.number};
}

/// Says whether a file may not become so large. Writing to it nevertheless would end a test by a
/// signal that has set itself a limit.
bool exceeds_limit(std::size_t bytes) {
    struct rlimit limit {};
    return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < bytes;
}

/// Fills a part of a file with newlines. Returns the code of what went wrong, 0 if nothing did.
int fill(const descriptor& file, std::size_t from, std::size_t to) {
    // Never destroyed: sessions in static variables may be closed after any destructor of ours.
    static const auto* const newlines = new std::string(least_piece, '\n');
    if (exceeds_limit(to)) {
        return EFBIG;
    }
    for (; from < to; from += least_piece) {
        const std::string_view piece(newlines->data(), std::min(least_piece, to - from));
        if (!file.write_at(from, piece)) {
            return errno;
        }
    }
    return 0;
}

} // namespace

growing_file::growing_file(std::string path, const file_identity& identity)
    : path_(std::move(path)), identity_(identity) {}

std::optional<growing_file> growing_file::make(const std::string& path) {
    const auto file = descriptor::of_file(path, O_RDWR | O_CREAT | O_EXCL);
    const auto facts = file.facts();
    if (!facts) {
        return std::nullopt;
    }
    // A test may have set a mask that keeps even its own process out.
    static_cast<void>(::fchmod(file.number(), S_IRUSR | S_IWUSR));
    return growing_file(path, identity_of(*facts));
}

std::optional<growing_file::failure> growing_file::grow(std::size_t bytes, std::size_t most) {
    const auto file = descriptor::of_file(path_, O_RDWR | O_NOFOLLOW);
    const auto facts = file.facts();
    if (!facts) {
        return failure{"opening", errno};
    }
    if (!(identity_of(*facts) == identity_)) {
        return failure{"opening", ESTALE};
    }
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t from = size_ / page * page;
    const std::size_t piece = std::min(std::max(least_piece, size_ / 2), largest_piece);
    const std::size_t to = std::min((size_ + bytes + piece) / page * page, most);
    if (const int code = fill(file, size_, to); code != 0) {
        trim();
        static_cast<void>(file.resize(size_));
        return failure{"writing", code};
    }
    void* const mapped = ::mmap(nullptr, to - from, PROT_READ | PROT_WRITE, MAP_SHARED,
                                file.number(), static_cast<off_t>(from));
    if (mapped == MAP_FAILED) {
        return failure{"mapping", errno};
    }
    unmap();
    mapped_ = static_cast<char*>(mapped);
    mapped_from_ = from;
    reserved_ = to;
    return std::nullopt;
}

void growing_file::append(std::string_view bytes) noexcept {
    std::memcpy(mapped_ + (size_ - mapped_from_), bytes.data(), bytes.size());
    size_ += bytes.size();
}

void growing_file::unmap() noexcept {
    if (mapped_) {
        ::munmap(mapped_, reserved_ - mapped_from_);
        mapped_ = nullptr;
    }
}

void growing_file::trim() noexcept {
    if (mapped_) {
        unmap();
        reserved_ = size_;
        if (const auto facts = look_at(path_); facts && identity_of(*facts) == identity_) {
            static_cast<void>(::truncate(path_.c_str(), static_cast<off_t>(size_)));
        }
    }
}

} // namespace isolite::os
