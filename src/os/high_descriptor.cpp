#include "os/high_descriptor.hpp"

#include "os/memory_file.hpp"

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>

namespace isolite::os {

result<high_descriptor> high_descriptor::open(const char* purpose) {
    descriptor file = memory_file(purpose);
    const bool is_high = file && file.number() >= lowest_of_memory_files();
    const auto facts = is_high ? file.facts() : std::nullopt;
    if (!facts || ::fcntl(file.number(), F_SETFL, O_APPEND) != 0) {
        return tl::unexpected(error{
            errc::system,
            std::string("start workers: making a file in memory failed: ") + std::strerror(errno),
            "raise the limit of open files, e.g. with `ulimit -n`, or give --workers=0"});
    }
    return high_descriptor(std::move(file), *facts);
}

std::optional<file_facts> high_descriptor::facts() const {
    const auto now = file_.facts();
    const bool is_same = now && file_identity{now->device, now->number} == identity_;
    return is_same ? now : std::nullopt;
}

} // namespace isolite::os
