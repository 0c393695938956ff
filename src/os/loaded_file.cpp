#include "os/loaded_file.hpp"

#include <dlfcn.h>

namespace isolite::os {

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

} // namespace isolite::os
