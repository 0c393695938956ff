#include "cli/cache_options.hpp"

#include "os/own_process.hpp"
#include "seed/building_files.hpp"
#include "worker/effective_settings.hpp"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <filesystem>
#include <utility>

namespace isolite::cli {

namespace {

/// Refuses what somebody else may have put there: the commands remove what is in it.
result<seeds::image_cache> readable(seeds::image_cache cache) {
    std::error_code failed;
    const std::filesystem::directory_iterator entries(cache.directory(), failed);
    if (failed == std::errc::no_such_file_or_directory) {
        return cache;
    }
    if (failed) {
        return tl::unexpected(os::system_error(
            seeds::sharing_images, "reading the directory " + cache.directory(), failed.value()));
    }
    return workers::make_cache(cache.settings()).map([&] { return std::move(cache); });
}

} // namespace

result<cache_settings> find_settings(const cache_options& options) {
    auto variables = os::own_variables();
    cache_settings settings;
    if (options.directory) {
        settings.directory = std::filesystem::absolute(*options.directory).lexically_normal();
        variables.erase("ISOLITE_CACHE");
    }
    if (options.project) {
        settings.project = *options.project;
        variables.erase("ISOLITE_PROJECT");
    }
    return workers::effective_settings(workers::environment(variables), settings);
}

result<seeds::image_cache> find_cache(const cache_options& options) {
    return find_settings(options).and_then(
        [](cache_settings settings) -> result<seeds::image_cache> {
            if (!settings.keep) {
                return tl::unexpected(error{
                    errc::environment, "look into the cache: ISOLITE_CACHE is off",
                    "unset ISOLITE_CACHE to switch it on, or name a directory with --directory"});
            }
            return readable(seeds::image_cache(std::move(settings)));
        });
}

void add_place_options(CLI::App& command, cache_options& options) {
    command.add_option("--project", options.project, "a project, instead of ISOLITE_PROJECT")
        ->type_name("NAME");
    command
        .add_option("--directory", options.directory,
                    "the cache's directory, instead of ISOLITE_CACHE")
        ->type_name("DIR")
        ->check([](const std::string& path) {
            return path.empty() ? std::string("an empty path names no directory") : std::string();
        });
}

} // namespace isolite::cli
