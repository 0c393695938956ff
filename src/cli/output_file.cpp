#include "cli/output_file.hpp"

#include "os/whole_file.hpp"

#include <cerrno>
#include <iostream>
#include <system_error>

namespace isolite::cli {

namespace {

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
    const int failed = os::write_whole_file(path, text);
    return failed == 0 ? result<void>()
                       : refusal(path, failed == EISDIR ? "it is a directory" : words_of(failed));
}

} // namespace isolite::cli
