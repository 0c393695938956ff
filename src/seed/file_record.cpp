#include "seed/file_record.hpp"

#include "os/descriptor.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace isolite {

namespace {

std::string text_of(const timespec& time) {
    return " " + std::to_string(time.tv_sec) + "." + std::to_string(time.tv_nsec);
}

/// Moves the time of the last use, but not with every process: a write each would cost more.
void note_use(int record) {
    constexpr time_t often_enough = 60;
    struct stat status {};
    if (::fstat(record, &status) == 0 &&
        std::time(nullptr) - status.st_mtim.tv_sec > often_enough) {
        static_cast<void>(::futimens(record, nullptr));
    }
}

} // namespace

std::string state_of(const struct stat& status) {
    return std::to_string(status.st_dev) + " " + std::to_string(status.st_ino) + " " +
           std::to_string(status.st_size) + text_of(status.st_mtim) + text_of(status.st_ctim) + " ";
}

std::string record_path(const std::string& image_path) {
    return image_path + ".used";
}

std::optional<std::string> recorded(const std::string& record_path, const struct stat& status) {
    const auto file = os::descriptor::of_file(record_path, O_RDONLY | O_NOFOLLOW);
    if (!file) {
        return std::nullopt;
    }
    note_use(file.number());
    std::array<char, 200> bytes{};
    const ssize_t count = ::read(file.number(), bytes.data(), bytes.size());
    const std::string text(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    const std::string state = state_of(status);
    if (text.compare(0, state.size(), state) != 0 || text.back() != '\n') {
        return std::nullopt; // of another state, or being written
    }
    return text.substr(state.size(), text.size() - state.size() - 1);
}

void record(const std::string& record_path, const struct stat& status,
            const std::string& knowledge) {
    constexpr time_t coarsest_tick = 2;
    if (std::time(nullptr) - status.st_ctim.tv_sec <= coarsest_tick) {
        return;
    }
    const auto file =
        os::descriptor::of_file(record_path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
    const std::string text = state_of(status) + knowledge + "\n";
    if (file && ::write(file.number(), text.data(), text.size()) < 0) {
        ::unlink(record_path.c_str()); // no loss
    }
}

} // namespace isolite
