#include <isolite/worker.hpp>

#include <cstdio>
#include <filesystem>

// [port]
int port_of_this_worker() {
    const auto& worker = isolite::worker::current();
    return worker ? 20000 + static_cast<int>(worker->slot) : -1;
}
// [/port]

// [directory]
bool work_in_own_directory() {
    const auto& worker = isolite::worker::current();
    if (worker && worker->name != "main") {
        const std::filesystem::path own = "files-of-" + worker->name;
        std::filesystem::create_directory(own);
        std::filesystem::current_path(own);
    }
    return true;
}

struct with_files {
    with_files() { [[maybe_unused]] static const bool once = work_in_own_directory(); }
};
// [/directory]

int main() {
    const auto& worker = isolite::worker::current();
    if (!worker) {
        std::fprintf(stderr, "%s\n", worker.error().text().c_str());
        return 1;
    }
    std::printf("worker %s has slot %u and port %d\n", worker->name.c_str(), worker->slot,
                port_of_this_worker());
    return 0;
}
