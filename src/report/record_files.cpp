#include "report/record_files.hpp"

#include "os/descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <tuple>

namespace isolite::report {

namespace {

namespace files = std::filesystem;

constexpr const char* reading = "read the records in";
constexpr const char* way_out = "look at its owner and its permissions";

} // namespace

error file_error(const std::string& task, const std::string& path, int code, std::string hint) {
    return {errc::system,
            task + " '" + path + "': " + std::error_code(code, std::generic_category()).message(),
            std::move(hint)};
}

result<std::vector<record_file>> record_files_in(const std::string& directory) {
    std::vector<record_file> found;
    int failure = 0;
    for (const std::string& name : os::names_in(directory, &failure)) {
        const std::string path = files::path(directory) / name;
        const auto facts = os::look_at(path);
        if (files::path(name).extension() == ".jsonl" && facts && facts->is_regular()) {
            found.push_back({path, facts->bytes});
        }
    }
    if (failure != 0) {
        return tl::unexpected(file_error(reading, directory, failure, way_out));
    }
    std::sort(found.begin(), found.end(), [](const record_file& left, const record_file& right) {
        return left.path < right.path;
    });
    return found;
}

result<std::string> read_records(const std::string& path, std::uint64_t most_bytes) {
    // Somebody may have put a pipe or a link there since the directory was read.
    const auto file = os::descriptor::open(path, os::descriptor::opening::read_no_link);
    const auto facts = file ? file.facts() : std::nullopt;
    if (!facts) {
        return tl::unexpected(file_error(reading, path, errno, way_out));
    }
    if (!facts->is_regular()) {
        return tl::unexpected(file_error(reading, path, EINVAL, way_out));
    }
    return file.read_at(0, std::min(facts->bytes, most_bytes));
}

} // namespace isolite::report
