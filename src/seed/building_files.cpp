#include "seed/building_files.hpp"

#include "os/descriptor.hpp"

#include <cerrno>
#include <map>
#include <mutex>
#include <sstream>

namespace isolite::seeds {

namespace {

constexpr std::size_t status_size = 4096;

} // namespace

result<void> write_status(const std::string& stem, const build_status& status) {
    std::string text = std::to_string(static_cast<int>(status.what)) + " " + status.attempt + " " +
                       std::to_string(status.pid) + " " +
                       std::to_string(static_cast<int>(status.problem.code)) + " " +
                       std::to_string(status.problem.sqlite_code) + "\n";
    // Both parts of the error end with a zero byte; a very long one loses its end.
    constexpr std::size_t longest = 3000;
    text += status.problem.message.substr(0, longest) + '\0';
    text += status.problem.hint.substr(0, status_size - text.size() - 1);
    text.resize(status_size);
    const auto file = os::descriptor::open(stem + status_suffix, os::descriptor::opening::write);
    if (!file || !file.write_all(text)) {
        return tl::unexpected(
            os::system_error(sharing_images, "writing " + stem + status_suffix, errno));
    }
    return {};
}

std::optional<build_status> read_status(const std::string& stem) {
    const auto file =
        os::descriptor::open(stem + status_suffix, os::descriptor::opening::read_no_link);
    const std::string text = file ? file.read_at(0, status_size) : "";
    if (text.size() != status_size) {
        return std::nullopt;
    }
    build_status status;
    int what = 0;
    int code = 0;
    std::istringstream first_line(text.substr(0, text.find('\n')));
    first_line >> what >> status.attempt >> status.pid >> code >> status.problem.sqlite_code;
    if (!first_line) {
        return std::nullopt;
    }
    status.what = static_cast<build_status::kind>(what);
    status.problem.code = static_cast<errc>(code);
    const std::size_t message = text.find('\n') + 1;
    status.problem.message = text.c_str() + message;
    status.problem.hint = text.c_str() + message + status.problem.message.size() + 1;
    return status;
}

void remove_building_files(const std::string& stem) {
    for (const char* suffix : {".new", status_suffix, lock_suffix}) {
        os::remove_file(stem + suffix);
    }
}

std::recursive_mutex& mutex_of(const std::string& stem) {
    static std::mutex guard;
    static auto* const mutexes = new std::map<std::string, std::recursive_mutex>;
    const std::lock_guard locked(guard);
    return (*mutexes)[stem];
}

void remove_leftovers(const std::string& stem) {
    const std::unique_lock mine(mutex_of(stem), std::try_to_lock);
    if (!mine) {
        return; // another thread is about to lock the file, which it could not open beside us
    }
    auto lock = os::lock_file::open(stem + lock_suffix, sharing_images);
    if (lock && lock->try_lock().value_or(false) && lock->is_at_its_path()) {
        remove_building_files(stem);
    }
}

} // namespace isolite::seeds
