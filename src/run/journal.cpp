#include "run/journal.hpp"

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace isolite::run {

namespace {

// An entry is the number of bytes that follow, the kind, and for each field its length and text.

using length = std::uint64_t;

void add(std::string& bytes, length number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void add_entry(std::string& bytes, const event& event) {
    const std::size_t begin = bytes.size();
    add(bytes, 0);
    add(bytes, event.kind);
    for (const std::string& field : event.fields) {
        add(bytes, field.size());
        bytes += field;
    }
    const length following = bytes.size() - begin - sizeof following;
    std::memcpy(bytes.data() + begin, &following, sizeof following);
}

/// Takes a number off the front. Requires: it is there.
length take(std::string_view& bytes) {
    length number = 0;
    std::memcpy(&number, bytes.data(), sizeof number);
    bytes.remove_prefix(sizeof number);
    return number;
}

event decoded(std::string_view entry) {
    event found;
    found.kind = static_cast<std::uint8_t>(take(entry));
    while (!entry.empty()) {
        const length size = take(entry);
        found.fields.emplace_back(entry.substr(0, size));
        entry.remove_prefix(size);
    }
    return found;
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
    const auto facts = file_.file().facts();
    const std::string bytes = facts ? file_.file().read_at(0, facts->bytes) : "";
    std::string_view rest = bytes;
    std::vector<event> events;
    while (rest.size() >= sizeof(length)) {
        const length following = take(rest);
        if (following > rest.size()) {
            break;
        }
        events.push_back(decoded(rest.substr(0, following)));
        rest.remove_prefix(following);
    }
    return events;
}

void journal::clear() const {
    // A file in memory that can be written can be emptied.
    static_cast<void>(file_.file().resize(0));
}

} // namespace isolite::run
