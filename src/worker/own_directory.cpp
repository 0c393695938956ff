#include "worker/own_directory.hpp"

#include "worker/file_names.hpp"

#include <filesystem>
#include <system_error>

namespace isolite::workers {

result<std::string> make_own_directory(const std::string& name, const os::purpose& purpose) {
    std::error_code no_directory;
    const std::string temporary =
        std::filesystem::absolute(temporary_directory(environment::of_process()), no_directory)
            .string();
    const std::string path = own_directory_in(temporary) + "/" + name;
    return os::make_private_directory(path, purpose).map([&] { return path; });
}

} // namespace isolite::workers
