#include "os/open_files.hpp"

#include "os/files.hpp"
#include "text/numbers.hpp"

#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace isolite::os {

namespace {

bool begins_with(int descriptor, std::string_view beginning) {
    std::string read(beginning.size(), '\0');
    const ssize_t count = ::pread(descriptor, read.data(), read.size(), 0);
    return count == static_cast<ssize_t>(read.size()) && read == beginning;
}

} // namespace

std::vector<std::string> files_open_for_writing(std::string_view beginning) {
    const std::string all = "/proc/self/fd";
    std::vector<std::string> found;
    for (const std::string& name : names_in(all)) {
        const int number = text::number_in<int>(name).value_or(-1);
        if ((::fcntl(number, F_GETFL) & O_ACCMODE) != O_RDWR || !begins_with(number, beginning)) {
            continue;
        }
        std::error_code closed;
        std::string path = std::filesystem::read_symlink(all + "/" + name, closed).string();
        if (const auto facts = look_at(path); facts && facts->is_regular()) {
            found.push_back(std::move(path));
        }
    }
    return found;
}

} // namespace isolite::os
