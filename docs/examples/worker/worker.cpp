#include <isolite/worker.hpp>

#include <cstdio>

// [port]
int port_of_this_worker() {
    const auto& worker = isolite::worker::current();
    return worker ? 20000 + static_cast<int>(worker->slot) : -1;
}
// [/port]

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
