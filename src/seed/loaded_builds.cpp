#include "seed/loaded_builds.hpp"

#include "seed/file_record.hpp"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <numeric>
#include <vector>

#include <elf.h>
#include <link.h>
#include <sys/stat.h>

namespace isolite {

namespace {

/// Returns the build id in a segment of notes, as the linker has written it; "" if it has none.
std::string build_id_in(const char* at, const ElfW(Phdr) & segment) {
    const std::size_t alignment = std::max<std::size_t>(segment.p_align, 4);
    const auto padded = [=](std::size_t size) {
        return (size + alignment - 1) / alignment * alignment;
    };
    ElfW(Nhdr) note{};
    for (std::size_t rest = segment.p_memsz; rest > sizeof note;) {
        std::memcpy(&note, at, sizeof note);
        const std::size_t id = padded(sizeof note + note.n_namesz);
        const std::size_t size = id + padded(note.n_descsz);
        if (size > rest) {
            break;
        }
        if (note.n_type == NT_GNU_BUILD_ID && std::strcmp(at + sizeof note, "GNU") == 0) {
            return std::string(at + id, note.n_descsz);
        }
        at += size;
        rest -= size;
    }
    return {};
}

std::string build_of(const dl_phdr_info& object) {
    for (int i = 0; i < object.dlpi_phnum; ++i) {
        const ElfW(Phdr)& segment = object.dlpi_phdr[i];
        const auto start = static_cast<std::uintptr_t>(object.dlpi_addr + segment.p_vaddr);
        // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader tells addresses as numbers.
        const auto* const bytes = reinterpret_cast<const char*>(start);
        if (segment.p_type == PT_NOTE) {
            if (std::string id = build_id_in(bytes, segment); !id.empty()) {
                return id;
            }
        }
    }
    const bool is_program = *object.dlpi_name == '\0';
    struct stat status {};
    if (::stat(is_program ? "/proc/self/exe" : object.dlpi_name, &status) != 0) {
        status.st_ctime = std::time(nullptr); // nobody can tell: as if it were new each time
    }
    return object.dlpi_name + (" " + state_of(status));
}

bool is_of_the_system(const std::string& name) {
    return name.rfind("/lib", 0) == 0 || name.rfind("/usr/lib", 0) == 0 ||
           name.rfind("linux-", 0) == 0; // the library that the kernel brings along
}

int add_build(dl_phdr_info* object, std::size_t /*size*/, void* builds) {
    if (!is_of_the_system(object->dlpi_name)) {
        static_cast<std::vector<std::string>*>(builds)->push_back(build_of(*object));
    }
    return 0; // go on
}

} // namespace

std::string loaded_builds() {
    std::vector<std::string> builds;
    ::dl_iterate_phdr(add_build, &builds);
    std::sort(builds.begin(), builds.end()); // libraries may be loaded in any order
    return std::accumulate(builds.begin(), builds.end(), std::string());
}

} // namespace isolite
