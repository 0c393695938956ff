#include "seed/loaded_seed.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace isolite {

namespace {

result<std::string> read_file(const seed& seed, const std::string& path) {
    // A directory opens as a stream too, and fails only when it is read.
    std::error_code ignored;
    std::ifstream file(path, std::ios::binary);
    if (!file || std::filesystem::is_directory(path, ignored)) {
        const std::string why = file ? "is a directory" : std::strerror(errno);
        return tl::unexpected(seed_error(
            seed, path + ": " + why,
            "a relative path is taken from the working directory, which is '" +
                std::filesystem::current_path(ignored).string() +
                "'; give an absolute one, for instance from a define that the build sets"));
    }
    return std::string(std::istreambuf_iterator<char>(file), {});
}

} // namespace

error seed_error(const seed& seed, const std::string& what, std::string hint, int code) {
    return {errc::seed, "apply the seed '" + seed.name() + "': " + what, std::move(hint), code};
}

result<loaded_seed> load(const seed& seed) {
    loaded_seed loaded{&seed, {}};
    for (const seed::part& part : seed.parts()) {
        if (part.what != seed::part::kind::sql_file) {
            loaded.texts.push_back(part.sql);
            continue;
        }
        auto text = read_file(seed, part.label);
        if (!text) {
            return tl::unexpected(text.error());
        }
        loaded.texts.push_back(std::move(*text));
    }
    return loaded;
}

} // namespace isolite
