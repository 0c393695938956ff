#include "cli/commands.hpp"

#include "cli/cache_listing.hpp"
#include "cli/cache_options.hpp"
#include "text/words.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace isolite::cli {

namespace {

using text::counted;
using text::size_in_words;
struct request {
    cache_options cache;
    bool all_projects = false;
    bool everything = false;
    bool json = false;
};

using command = result<void> (*)(const request&);

constexpr const char* about_the_cache =
    R"(A test binary applies its seeds once and keeps the databases as images in a directory of this user.
Other workers and later runs map them instead of seeding again. An image is used only as long as
the text and the version of its seed, and SQLite, are the same. Removing images is always safe.

Example:
  isolite cache list --all-projects)";

constexpr const char* about_paths = R"(Prints one line, also when the directory does not exist yet.

Example:
  du -sh $(isolite cache path))";

constexpr const char* about_lists =
    R"(An image that would not be used is listed as refused, with the reason. isolite builds it anew.

Examples:
  isolite cache list
  isolite cache list --json | jq .size_bytes)";

constexpr const char* about_pruning =
    R"(Without --everything it does what each build of an image does: it removes images that were not used
for longer than ISOLITE_CACHE_DAYS, then those that were not used for longest until the rest has at
most ISOLITE_CACHE_MB. Images that a process uses always stay.

Examples:
  isolite cache prune
  ISOLITE_CACHE_DAYS=7 isolite cache prune
  isolite cache prune --everything --project shop)";

std::vector<seeds::cached_image> images_of_all_projects(const seeds::image_cache& cache) {
    std::vector<seeds::cached_image> found;
    cache_settings settings = cache.settings();
    for (const std::string& project : cache.projects()) {
        settings.project = project;
        for (seeds::cached_image& image : seeds::image_cache(settings).images()) {
            found.push_back(std::move(image));
        }
    }
    return found;
}

result<void> show_path(const request& request) {
    return find_cache(request.cache).map([](const seeds::image_cache& cache) {
        std::cout << cache.directory() << '\n';
    });
}

void show_list_as_json(const seeds::image_cache& cache,
                       const std::vector<seeds::cached_image>& images) {
    json_writer writer;
    json_members members = place_of(cache);
    members.emplace_back("size_bytes", static_cast<std::int64_t>(size_of(images)));
    members.emplace_back("images", to_json(writer, images));
    std::cout << writer.object(members).text << '\n';
}

void show_list_in_words(const seeds::image_cache& cache,
                        const std::vector<seeds::cached_image>& images, bool all_projects) {
    const cache_settings& settings = cache.settings();
    const std::string place = all_projects ? settings.directory : cache.directory();
    if (images.empty()) {
        std::cout << "no images in " << place << '\n';
        return;
    }
    std::cout << listing(images, all_projects) << counted(images.size(), "image") << ", "
              << size_in_words(size_of(images)) << " in " << place << '\n'
              << "bounds of a project: " << size_in_words(settings.max_bytes)
              << ", unused images stay for "
              << text::span_in_words(
                     static_cast<std::uint64_t>(std::chrono::seconds(settings.max_age).count()))
              << '\n';
}

result<void> show_list(const request& request) {
    return find_cache(request.cache).map([&](const seeds::image_cache& cache) {
        const auto images = request.all_projects ? images_of_all_projects(cache) : cache.images();
        if (request.json) {
            show_list_as_json(cache, images);
        } else {
            show_list_in_words(cache, images, request.all_projects);
        }
    });
}

void show_pruning_as_json(const seeds::image_cache& cache,
                          const std::vector<seeds::cached_image>& removed,
                          const std::vector<seeds::cached_image>& kept) {
    json_writer writer;
    json_members members = place_of(cache);
    members.emplace_back("freed_bytes", static_cast<std::int64_t>(size_of(removed)));
    members.emplace_back("removed", to_json(writer, removed));
    members.emplace_back("kept", to_json(writer, kept));
    std::cout << writer.object(members).text << '\n';
}

void show_pruning_in_words(const seeds::image_cache& cache,
                           const std::vector<seeds::cached_image>& removed,
                           const std::vector<seeds::cached_image>& kept, bool everything) {
    if (removed.empty()) {
        std::cout << "nothing was removed from " << cache.directory() << '\n';
    } else {
        std::cout << listing(removed, false) << "removed " << counted(removed.size(), "image")
                  << " from " << cache.directory() << ", " << size_in_words(size_of(removed))
                  << " freed\n";
    }
    if (kept.empty()) {
        return;
    }
    std::cout << (everything ? "in use, so kept: " : "kept: ") << counted(kept.size(), "image")
              << ", " << size_in_words(size_of(kept)) << '\n';
    if (everything) {
        std::cout << listing(kept, false);
    }
}

result<void> prune(const request& request) {
    return find_cache(request.cache).map([&](const seeds::image_cache& cache) {
        const auto removed = request.everything ? cache.clear() : cache.prune();
        const auto kept = cache.images();
        if (request.json) {
            show_pruning_as_json(cache, removed, kept);
        } else {
            show_pruning_in_words(cache, removed, kept, request.everything);
        }
    });
}

CLI::App* add_command(CLI::App& cache, const std::string& name, const std::string& purpose,
                      const std::shared_ptr<request>& request, command run, exit_code& outcome) {
    CLI::App* const added = cache.add_subcommand(name, purpose);
    add_place_options(*added, request->cache);
    added->callback([request, run, &outcome] { outcome = outcome_of(run(*request)); });
    return added;
}

} // namespace

void add_cache_commands(CLI::App& app, exit_code& outcome) {
    CLI::App* const cache = app.add_subcommand("cache", "Look at the images of seeds, remove them");
    cache->footer(about_the_cache);
    cache->require_subcommand(1);
    const auto wanted = std::make_shared<request>();
    add_command(*cache, "path", "Print the directory of the project's images", wanted, show_path,
                outcome)
        ->footer(about_paths);
    CLI::App* const list =
        add_command(*cache, "list", "List the images of the project", wanted, show_list, outcome);
    list->footer(about_lists);
    list->add_flag("--all-projects", wanted->all_projects, "list the images of all projects");
    list->add_flag("--json", wanted->json, "print JSON");
    CLI::App* const pruning = add_command(
        *cache, "prune", "Remove images beyond the bounds, or all", wanted, prune, outcome);
    pruning->footer(about_pruning);
    pruning->add_flag("--everything", wanted->everything, "remove all images that nobody uses");
    pruning->add_flag("--json", wanted->json, "print JSON");
}

} // namespace isolite::cli
