#include "cli/output_file.hpp"

#include "os/files.hpp"
#include "os/whole_file.hpp"

#include <filesystem>
#include <iostream>
#include <system_error>

namespace isolite::cli {

namespace {

namespace files = std::filesystem;

tl::unexpected<error> refusal(const std::string& path, const std::string& why) {
    return tl::unexpected(
        error{errc::system, "write '" + path + "': " + why,
              "name a file in a directory that exists, may be written to and has space left"});
}

std::string words_of(int code) {
    return std::error_code(code, std::generic_category()).message();
}

} // namespace

result<void> write_output(const std::string& path, const std::string& text) {
    if (path == "-") {
        std::cout << text;
        return {};
    }
    const auto facts = os::look_behind(path);
    if (facts && facts->is_directory()) {
        return refusal(path, "it is a directory");
    }
    std::error_code ignored;
    const bool is_special = facts && !facts->is_regular(); // a pipe or a device
    const std::string target = facts ? files::canonical(path, ignored).string() : path; // a link?
    const int failed = is_special ? os::write_to_file(path, text) : os::replace_file(target, text);
    return failed == 0 ? result<void>() : refusal(path, words_of(failed));
}

} // namespace isolite::cli
