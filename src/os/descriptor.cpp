#include "os/descriptor.hpp"

#include "os/stat_facts.hpp"

#include <cerrno>
#include <csignal>

#include <sys/file.h>
#include <unistd.h>

namespace isolite::os {

namespace {

/// Calls a function that reads or writes until no signal comes between.
template <typename Call>
ssize_t uninterrupted(const Call& call) noexcept {
    for (;;) {
        if (const ssize_t done = call(); done >= 0 || errno != EINTR) {
            return done;
        }
    }
}

} // namespace

descriptor descriptor::open(const std::string& path, opening how, unsigned permissions) noexcept {
    switch (how) {
    case opening::read:
        return of_file(path, O_RDONLY);
    case opening::read_no_link:
        return of_file(path, O_RDONLY | O_NOFOLLOW);
    case opening::write:
        return of_file(path, O_WRONLY | O_CREAT | O_NOFOLLOW, permissions);
    case opening::rewrite:
        return of_file(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, permissions);
    case opening::make:
        break;
    }
    return of_file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, permissions);
}

descriptor descriptor::of_file(const std::string& path, int flags, unsigned permissions) noexcept {
    return descriptor(::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK, permissions));
}

std::optional<file_facts> descriptor::facts() const noexcept {
    struct stat status {};
    return number_ >= 0 && ::fstat(number_, &status) == 0 ? std::optional(facts_of(status))
                                                          : std::nullopt;
}

bool descriptor::write_all(std::string_view bytes) const noexcept {
    while (!bytes.empty()) {
        const ssize_t written =
            uninterrupted([&] { return ::write(number_, bytes.data(), bytes.size()); });
        if (written < 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

bool descriptor::write_at(std::uint64_t place, std::string_view bytes) const noexcept {
    while (!bytes.empty()) {
        const ssize_t written = uninterrupted([&] {
            return ::pwrite(number_, bytes.data(), bytes.size(), static_cast<off_t>(place));
        });
        if (written < 0) {
            return false;
        }
        place += static_cast<std::uint64_t>(written);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

std::optional<std::size_t> descriptor::read_some(char* to, std::size_t most) const noexcept {
    const ssize_t got = uninterrupted([&] { return ::read(number_, to, most); });
    return got < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(got));
}

std::string descriptor::read_at(std::uint64_t place, std::size_t most) const {
    std::string bytes(most, '\0');
    std::size_t done = 0;
    while (done < most) {
        const ssize_t got = uninterrupted([&] {
            return ::pread(number_, bytes.data() + done, most - done,
                           static_cast<off_t>(place + done));
        });
        if (got <= 0) {
            break;
        }
        done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
}

std::string descriptor::content() const {
    const auto found = facts();
    return found ? read_at(0, found->bytes) : "";
}

bool descriptor::resize(std::uint64_t bytes) const noexcept {
    return ::ftruncate(number_, static_cast<off_t>(bytes)) == 0;
}

bool descriptor::sync() const noexcept {
    return ::fdatasync(number_) == 0;
}

bool descriptor::touch() const noexcept {
    return ::futimens(number_, nullptr) == 0;
}

bool descriptor::set_modified(const std::timespec& when) const noexcept {
    const std::timespec times[] = {{0, UTIME_OMIT}, when};
    return ::futimens(number_, times) == 0;
}

bool descriptor::set_permissions(unsigned permissions) const noexcept {
    return ::fchmod(number_, permissions) == 0;
}

// The kernel grants a lease of this kind to the only user of a file. Who opens the file meanwhile
// waits, and the holder gets a signal, whose default would end the process were it not chosen.
bool descriptor::is_the_only_one() const noexcept {
    return ::fcntl(number_, F_SETSIG, SIGURG) == 0 && ::fcntl(number_, F_SETLEASE, F_WRLCK) == 0;
}

bool descriptor::lock_alone() const noexcept {
    return ::flock(number_, LOCK_EX | LOCK_NB) == 0;
}

bool descriptor::lock_shared() const noexcept {
    return ::flock(number_, LOCK_SH | LOCK_NB) == 0;
}

bool descriptor::close() noexcept {
    const int number = std::exchange(number_, -1);
    return number < 0 || ::close(number) == 0;
}

} // namespace isolite::os
