#include "provoke.hpp"

#include "seed/image_file.hpp"
#include "seed/seed_image.hpp"
#include "worker/effective_settings.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using isolite::cache_settings;

void provoke_settings() {
    const auto choose = [](const std::map<std::string, std::string>& set,
                           const cache_settings& chosen = {}) {
        print_error(
            isolite::workers::effective_settings(isolite::workers::environment(set), chosen));
    };
    choose({{"ISOLITE_CACHE", "cache"}});
    choose({{"TMPDIR", "tmp"}});
    choose({{"ISOLITE_CACHE_FRESH", "yes"}});
    choose({{"ISOLITE_PROJECT", "../shop"}});
    choose({{"ISOLITE_CACHE_MB", "1G"}});
    choose({{"ISOLITE_CACHE_DAYS", "a month"}});
    cache_settings chosen;
    chosen.directory = "cache";
    choose({}, chosen);
    chosen.directory.clear();
    chosen.project = "../shop";
    choose({}, chosen);
}

/// An image file that is altered and then mapped.
class doubtful_image {
  public:
    explicit doubtful_image(const std::string& directory) : path_(directory + "/image.db") {}

    /// Prints why nobody uses the image after `alter` was called with its path.
    void print_after(const std::function<void(const std::string&)>& alter) const {
        std::filesystem::remove(path_);
        const isolite::store::image image{std::vector<std::byte>(isolite::store::page_size)};
        static_cast<void>(
            isolite::seeds::write_image_file(path_, image, {"shop", "1", "3", 0, {}, {}, {}}));
        ::chmod(path_.c_str(), S_IRUSR | S_IWUSR);
        alter(path_);
        print_error(isolite::seeds::map_image_file(path_, "1"));
    }

  private:
    std::string path_;
};

void provoke_doubtful_images(const std::string& directory) {
    const doubtful_image image(directory);
    namespace files = std::filesystem;
    image.print_after([&](const std::string& path) {
        files::remove(path);
        files::create_symlink(directory, path);
    });
    image.print_after([](const std::string& path) {
        files::remove(path);
        ::mkfifo(path.c_str(), S_IRUSR);
    });
    image.print_after([](const std::string& path) { ::chmod(path.c_str(), 0644); });
    image.print_after([](const std::string& path) { files::resize_file(path, 100); });
    image.print_after(
        [](const std::string& path) { files::resize_file(path, 3 * isolite::store::page_size); });
    image.print_after([](const std::string& path) {
        std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).write("?", 1);
    });
    image.print_after([](const std::string& path) {
        print_error(isolite::seeds::map_image_file(path, "another fingerprint"));
        files::resize_file(path, 0);
    });
    print_error(isolite::seeds::map_image_file(directory + "/" + std::string(300, 'x'), "1"));
    if (::geteuid() == 0) { // only root can give a file away; others find root's
        image.print_after(
            [](const std::string& path) { static_cast<void>(::chown(path.c_str(), 1, 0)); });
    } else {
        print_error(isolite::seeds::map_image_file("/etc/passwd", "1"));
    }
}

/// Prints the warning of a worker that would keep the image of its seed in `cache`. It is a process
/// of its own, because it tells each warning only once, and may limit itself.
void print_warning(
    const std::string& directory, const std::string& cache,
    const std::function<void()>& limit = [] {}) {
    const std::string told = directory + "/told";
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(::open(told.c_str(), O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR), 2);
        ::setenv("ISOLITE_CACHE", cache.c_str(), 1);
        limit();
        ::_exit(isolite::engine::open(stock_seed()) ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    std::ifstream file(told);
    std::string text(std::istreambuf_iterator<char>(file), {});
    const std::string prefix = "isolite: warning: ";
    const bool warned = status == 0 && text.compare(0, prefix.size(), prefix) == 0;
    print(warned ? text.substr(prefix.size(), text.size() - prefix.size() - 1)
                 : "no warning: " + text);
}

void provoke_caches_of_no_use(const std::string& directory) {
    namespace files = std::filesystem;
    const auto warn = [&](const std::string& cache) { print_warning(directory, cache); };
    warn("/proc/nowhere");
    std::ofstream(directory + "/a file").close();
    warn(directory + "/a file");
    files::create_directory_symlink(directory, directory + "/a link");
    warn(directory + "/a link");
    files::create_directory(directory + "/an open directory");
    ::chmod((directory + "/an open directory").c_str(), 0777);
    warn(directory + "/an open directory");
    if (::geteuid() == 0) { // as above
        files::create_directory(directory + "/given away");
        static_cast<void>(::chown((directory + "/given away").c_str(), 1, 0));
        warn(directory + "/given away");
    } else {
        warn("/usr");
    }
    print_warning(directory, directory + "/a full disk", [] {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit one_page = {isolite::store::page_size, isolite::store::page_size};
        ::setrlimit(RLIMIT_FSIZE, &one_page);
    });
    const std::string cache = directory + "/a cache";
    print_warning(directory, cache, [&cache] {
        static_cast<void>(isolite::engine::open(stock_seed()));
        for (const auto& image : files::directory_iterator(cache + "/default")) {
            files::path lock = image.path();
            files::create_directory(lock.replace_extension(".lock"));
            files::remove(image.path());
        }
    });
}

} // namespace

void provoke_images(const std::string& directory) {
    provoke_settings();
    provoke_doubtful_images(directory);
    provoke_caches_of_no_use(directory);
}
