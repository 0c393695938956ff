#include "seed/file_record.hpp"

#include "os/descriptor.hpp"

#include <ctime>

namespace isolite::seeds {

namespace {

std::string text_of(const std::timespec& time) {
    return " " + std::to_string(time.tv_sec) + "." + std::to_string(time.tv_nsec);
}

/// Moves the time of the last use, but not with every process: a write each would cost more.
void note_use(const os::descriptor& record) {
    constexpr std::time_t often_enough = 60;
    const auto facts = record.facts();
    if (facts && std::time(nullptr) - facts->modified.tv_sec > often_enough) {
        static_cast<void>(record.touch());
    }
}

} // namespace

std::string state_of(const os::file_facts& facts) {
    return std::to_string(facts.device) + " " + std::to_string(facts.number) + " " +
           std::to_string(facts.bytes) + text_of(facts.modified) + text_of(facts.changed) + " ";
}

std::string record_path(const std::string& image_path) {
    return image_path + ".used";
}

std::optional<std::string> recorded(const std::string& record_path, const os::file_facts& facts) {
    const auto file = os::descriptor::open(record_path, os::descriptor::opening::read_no_link);
    if (!file) {
        return std::nullopt;
    }
    note_use(file);
    constexpr std::size_t longest = 200;
    const std::string text = file.read_at(0, longest);
    const std::string state = state_of(facts);
    if (text.compare(0, state.size(), state) != 0 || text.back() != '\n') {
        return std::nullopt; // of another state, or being written
    }
    return text.substr(state.size(), text.size() - state.size() - 1);
}

void record(const std::string& record_path, const os::file_facts& facts,
            const std::string& knowledge) {
    constexpr std::time_t coarsest_tick = 2;
    if (std::time(nullptr) - facts.changed.tv_sec <= coarsest_tick) {
        return;
    }
    const auto file = os::descriptor::open(record_path, os::descriptor::opening::rewrite);
    const std::string text = state_of(facts) + knowledge + "\n";
    if (file && !file.write_all(text)) {
        os::remove_file(record_path); // no loss
    }
}

} // namespace isolite::seeds
