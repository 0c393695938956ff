#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

/// The body of a case that says when it ran, in a file of $SUBJECT_TIMES: waits for another case to
/// run as well, at most $SUBJECT_PATIENCE milliseconds.
inline void run_beside(const std::string& name) {
    namespace fs = std::filesystem;
    using clock = std::chrono::steady_clock;
    const fs::path folder = std::getenv("SUBJECT_TIMES");
    const std::chrono::milliseconds patience(std::stoi(std::getenv("SUBJECT_PATIENCE")));
    const auto since = clock::now();
    std::ofstream(folder / (name + ".running"));
    const auto running = [&] {
        int count = 0;
        for (const auto& entry : fs::directory_iterator(folder)) {
            count += entry.path().extension() == ".running" ? 1 : 0;
        }
        return count;
    };
    while (running() < 2 && clock::now() - since < patience) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::ofstream(folder / (name + ".times"))
        << since.time_since_epoch().count() << " " << clock::now().time_since_epoch().count();
    fs::remove(folder / (name + ".running"));
}
