#include "run/journal.hpp"

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace isolite::run {

using results::event;

namespace {

// An entry is the number of bytes that follow, the kind, and the value.

using length = std::uint64_t;

void add_entry(std::string& bytes, const event& event) {
    const length following = sizeof event.kind + event.value.size();
    bytes.append(reinterpret_cast<const char*>(&following), sizeof following);
    bytes.append(reinterpret_cast<const char*>(&event.kind), sizeof event.kind);
    bytes += event.value;
}

} // namespace

result<journal> journal::open() {
    return os::high_descriptor::open("isolite-journal").map([](os::high_descriptor file) {
        return journal(std::move(file));
    });
}

bool journal::append(const std::vector<event>& events) const {
    if (!file_.is_open()) {
        errno = EBADF;
        return false;
    }
    std::string bytes;
    for (const event& each : events) {
        add_entry(bytes, each);
    }
    return file_.file().write_all(bytes);
}

std::vector<event> journal::read() const {
    const std::string bytes = file_.file().content();
    std::string_view rest = bytes;
    std::vector<event> events;
    while (rest.size() >= sizeof(length)) {
        length following = 0;
        std::memcpy(&following, rest.data(), sizeof following);
        rest.remove_prefix(sizeof following);
        if (following > rest.size()) {
            break;
        }
        events.push_back({static_cast<std::uint8_t>(rest[0]),
                          std::string(rest.substr(sizeof(event::kind), following - 1))});
        rest.remove_prefix(following);
    }
    return events;
}

void journal::clear() const {
    // A file in memory that can be written can be emptied.
    static_cast<void>(file_.file().resize(0));
}

} // namespace isolite::run
