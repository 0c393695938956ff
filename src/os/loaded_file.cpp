#include "os/loaded_file.hpp"

#include "os/own_process.hpp"

#include <algorithm>
#include <utility>

#include <dlfcn.h>
#include <link.h>

namespace isolite::os {

namespace {

loaded_file described(const dl_phdr_info& file) {
    loaded_file made{*file.dlpi_name != '\0' ? file.dlpi_name : program_path(), 0, {}};
    for (int number = 0; number < file.dlpi_phnum; ++number) {
        const auto& part = file.dlpi_phdr[number];
        if (part.p_type != PT_LOAD) {
            continue;
        }
        if ((part.p_flags & PF_X) != 0) {
            made.code_size += part.p_memsz;
        }
        if ((part.p_flags & (PF_R | PF_W)) == PF_R) {
            // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader tells addresses as numbers.
            const auto* const begin = reinterpret_cast<const char*>(file.dlpi_addr + part.p_vaddr);
            made.read_only.emplace_back(begin, part.p_memsz);
        }
    }
    return made;
}

/// Not by a function of libc: sanitizers stand in front of those, and refuse what lies between
/// objects. Requires: `length` > 0.
__attribute__((no_sanitize("address"), no_sanitize("thread"))) bool
holds(const char* at, std::size_t size, const char* wanted, std::size_t length) noexcept {
    for (const char* const last = at + size; at + length <= last; ++at) {
        std::size_t same = 0;
        while (same < length && at[same] == wanted[same]) {
            ++same;
        }
        if (same == length) {
            return true;
        }
    }
    return false;
}

} // namespace

std::string loaded_file_at(const void* address) {
    Dl_info found{};
    return ::dladdr(address, &found) != 0 ? found.dli_fname : "";
}

void* function_beside(const void* address, const char* name) {
    const std::string file = loaded_file_at(address);
    void* const library = ::dlopen(file.c_str(), RTLD_LAZY | RTLD_NOLOAD);
    if (library == nullptr) {
        return nullptr;
    }
    void* const found = ::dlsym(library, name); // or that of a library that this one needs
    ::dlclose(library);
    return found != nullptr && loaded_file_at(found) == file ? found : nullptr;
}

bool is_of_the_system(std::string_view name) noexcept {
    return name.rfind("/lib", 0) == 0 || name.rfind("/usr/lib", 0) == 0 ||
           name.rfind("linux-", 0) == 0; // the library that the kernel brings along
}

unsigned long long count_loaded() noexcept {
    unsigned long long count = 0;
    const auto take = [](dl_phdr_info* file, std::size_t /*size*/, void* taken) {
        *static_cast<unsigned long long*>(taken) = file->dlpi_adds;
        return 1; // it is the same for each
    };
    ::dl_iterate_phdr(take, &count);
    return count;
}

bool loaded_file::has(const void* address) const noexcept {
    const auto* const wanted = static_cast<const char*>(address);
    return std::any_of(read_only.begin(), read_only.end(), [wanted](std::string_view part) {
        return wanted >= part.data() && wanted < part.data() + part.size();
    });
}

bool loaded_file::has(std::string_view bytes) const noexcept {
    return std::any_of(read_only.begin(), read_only.end(), [bytes](std::string_view part) {
        return holds(part.data(), part.size(), bytes.data(), bytes.size());
    });
}

std::vector<loaded_file>
find_loaded_files(const std::function<bool(const loaded_file&)>& is_wanted) {
    struct search {
        const std::function<bool(const loaded_file&)>& is_wanted;
        std::vector<loaded_file> found;
    } all{is_wanted, {}};
    const auto look = [](dl_phdr_info* file, std::size_t /*size*/, void* taken) {
        search& of = *static_cast<search*>(taken);
        if (loaded_file each = described(*file); of.is_wanted(each)) {
            of.found.push_back(std::move(each));
        }
        return 0;
    };
    ::dl_iterate_phdr(look, &all);
    return std::move(all.found);
}

} // namespace isolite::os
