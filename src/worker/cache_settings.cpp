#include "worker/effective_settings.hpp"

#include "os/files.hpp"
#include "os/private_directory.hpp"
#include "text/numbers.hpp"
#include "worker/file_names.hpp"

#include <algorithm>
#include <cctype>
#include <limits>
#include <utility>

namespace isolite {

namespace {

using workers::environment;
using workers::is_absolute;

constexpr const char* task = "choose the cache of images";

cache_settings& stored() {
    static auto* const settings = new cache_settings; // engines may be opened by late destructors
    return *settings;
}

bool is_directory(const std::string& path) {
    const auto found = os::look_behind(path);
    return is_absolute(path) && found && found->is_directory();
}

/// A service or a build machine may have no home, or name one that is not there.
result<std::string> default_directory(const environment& variables) {
    if (const auto cache = variables.find("XDG_CACHE_HOME"); cache && is_absolute(*cache)) {
        return *cache + "/isolite";
    }
    if (const auto home = variables.find("HOME"); home && is_directory(*home)) {
        return *home + "/.cache/isolite";
    }
    const std::string temporary = workers::temporary_directory(variables);
    if (!is_absolute(temporary)) {
        return tl::unexpected(workers::variable_error(
            task, "TMPDIR", temporary, "not an absolute path", "write a path that begins with /"));
    }
    return workers::own_directory_in(temporary) + "/cache";
}

bool is_project_name(const std::string& name) {
    return !name.empty() && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
           });
}

result<void> read_number(const environment& variables, const std::string& name, const char* meaning,
                         std::uint64_t factor, std::uint64_t& to) {
    const auto text = variables.find(name);
    if (!text) {
        return {};
    }
    const auto number = text::number_in<unsigned>(*text);
    if (!number) {
        return tl::unexpected(workers::variable_error(task, name, *text, "not a number",
                                                      std::string("write ") + meaning));
    }
    to = *number * factor;
    return {};
}

result<void> read_fresh(const environment& variables, bool& fresh) {
    return workers::read_switch(variables, task, "ISOLITE_CACHE_FRESH", fresh).map([&](bool on) {
        fresh = on;
    });
}

result<void> read_directory(const environment& variables, cache_settings& settings) {
    auto read = workers::read_place(variables, task, "ISOLITE_CACHE");
    if (!read) {
        return tl::unexpected(read.error());
    }
    if (*read) {
        settings.keep = **read != "off";
        settings.directory = settings.keep ? **std::move(read) : settings.directory;
    } else if (settings.directory.empty()) {
        return default_directory(variables).map(
            [&](std::string found) { settings.directory = std::move(found); });
    } else if (!is_absolute(settings.directory)) {
        return tl::unexpected(
            error{errc::usage,
                  std::string(task) + ": its directory '" + settings.directory +
                      "' is not an absolute path",
                  "give use_cache a path that begins with /, or none for the default"});
    }
    return {};
}

result<void> read_project(const environment& variables, std::string& project) {
    const auto text = variables.find("ISOLITE_PROJECT");
    const std::string name = text.value_or(project);
    const std::string hint = "write letters, digits, -, _ and ., but no dot first";
    if (is_project_name(name)) {
        project = name;
        return {};
    }
    if (text) {
        return tl::unexpected(workers::variable_error(task, "ISOLITE_PROJECT", name,
                                                      "which cannot name a directory", hint));
    }
    return tl::unexpected(
        error{errc::usage,
              std::string(task) + ": its project '" + name + "' cannot name a directory", hint});
}

} // namespace

void use_cache(cache_settings settings) {
    stored() = std::move(settings);
}

const cache_settings& workers::chosen_cache() {
    return stored();
}

result<cache_settings> workers::effective_settings(const environment& variables,
                                                   cache_settings chosen) {
    constexpr std::uint64_t megabyte = std::uint64_t(1) << 20;
    auto days = static_cast<std::uint64_t>(chosen.max_age.count());
    return read_directory(variables, chosen)
        .and_then([&] { return read_fresh(variables, chosen.fresh); })
        .and_then([&] { return read_project(variables, chosen.project); })
        .and_then([&] {
            return read_number(variables, "ISOLITE_CACHE_MB",
                               "the size of a project's images in units of 1024 * 1024 bytes",
                               megabyte, chosen.max_bytes);
        })
        .and_then([&] {
            return read_number(variables, "ISOLITE_CACHE_DAYS",
                               "the number of days after which an unused image is removed", 24,
                               days);
        })
        .map([&] {
            chosen.max_age = std::chrono::hours(days);
            return chosen;
        });
}

result<void> workers::make_cache(const cache_settings& settings, const os::purpose& purpose) {
    using os::private_directory;
    return private_directory::open(settings.directory, purpose)
        .and_then([&](const private_directory& all) {
            return all.open_in(settings.project, private_directory::when_missing::make);
        })
        .map([](const private_directory&) {});
}

} // namespace isolite
