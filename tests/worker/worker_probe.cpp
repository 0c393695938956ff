// Tells which worker it is. `--until-eof` keeps it alive until its input ends, `--fork` lets a
// child end normally first, `--kill` ends it by a signal, `--meet DIRECTORY COUNT` keeps it alive
// until COUNT of its kind have told in that directory which worker they are. `--places MOST LIMIT`
// tells where the workers stand that it could fork instead, and keeps it alive until its input
// ends.

#include "worker/forked_places.hpp"

#include <isolite/worker.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

namespace {

std::string description(const isolite::worker& worker) {
    return worker.name + " slot=" + std::to_string(worker.slot) + " run=" + worker.run_id +
           " incarnation=" + std::to_string(worker.incarnation) +
           " shard=" + std::to_string(worker.shard.index) + "/" +
           std::to_string(worker.shard.total);
}

std::size_t count_files(const std::string& directory) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        count += entry.path().extension() == ".worker" ? 1U : 0U;
    }
    return count;
}

/// Tests come in waves of `wave`: everyone waits until all of its own wave have arrived.
bool meet(const std::string& directory, std::size_t wave, const std::string& text) {
    const std::string path = directory + "/" + std::to_string(::getpid());
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    std::ofstream(path) << text << " time=" << now.count() << '\n';
    std::filesystem::rename(path, path + ".worker");
    const std::size_t goal = (count_files(directory) + wave - 1) / wave * wave;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (count_files(directory) < goal) {
        if (std::chrono::steady_clock::now() > deadline) {
            std::cerr << "nobody came\n";
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

void end_a_child() {
    std::cout.flush();
    const pid_t child = ::fork();
    if (child == 0) {
        std::exit(isolite::worker::current().has_value() ? 0 : 1);
    }
    ::waitpid(child, nullptr, 0);
}

int tell_places(unsigned most, unsigned limit) {
    const auto places = isolite::workers::places_for_forks(most, limit);
    if (!places) {
        std::cout << places.error().text() << std::endl;
        return 1;
    }
    for (const isolite::worker& place : *places) {
        std::cout << description(place) << '\n';
    }
    std::cout << std::endl;
    std::cin.get();
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    const std::string option = argc > 1 ? argv[1] : "";
    if (option == "--places" && argc > 3) {
        return tell_places(static_cast<unsigned>(std::stoul(argv[2])),
                           static_cast<unsigned>(std::stoul(argv[3])));
    }
    const auto& worker = isolite::worker::current();
    if (!worker) {
        std::cout << worker.error().text() << std::endl;
        return 1;
    }
    if (option == "--fork") {
        end_a_child();
    }
    std::cout << description(*worker) << std::endl;
    if (option == "--kill") {
        ::raise(SIGKILL);
    }
    if (option == "--meet" && argc > 3) {
        return meet(argv[2], std::stoul(argv[3]), description(*worker)) ? 0 : 1;
    }
    if (option == "--until-eof" || option == "--fork") {
        std::cin.get();
    }
    return 0;
}
