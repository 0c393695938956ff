#include "run/told_fixtures.hpp"

#include <cstdint>
#include <cstring>

namespace isolite::run {

namespace {

/// What stands before the name. Both processes are the same program.
struct head {
    std::int64_t ns;
    std::int64_t longest_ns;
    std::uint64_t count;
    std::uint32_t depth;
    std::uint32_t name_size;
    fixture_kind kind;
    bool in_case;
};

} // namespace

std::string packed(const std::vector<told_fixture>& told) {
    std::string field;
    for (const told_fixture& each : told) {
        head about{};
        about.ns = each.duration.count();
        about.longest_ns = each.longest.count();
        about.count = each.count;
        about.depth = each.depth;
        about.name_size = static_cast<std::uint32_t>(each.name.size());
        about.kind = each.kind;
        about.in_case = each.in_case;
        field.append(reinterpret_cast<const char*>(&about), sizeof about);
        field += each.name;
    }
    return field;
}

std::vector<told_fixture> unpacked(std::string_view field) {
    std::vector<told_fixture> told;
    while (!field.empty()) {
        head about{};
        std::memcpy(&about, field.data(), sizeof about);
        field.remove_prefix(sizeof about);
        told.push_back({about.kind, std::string(field.substr(0, about.name_size)),
                        std::chrono::nanoseconds(about.ns), about.depth, about.in_case, about.count,
                        std::chrono::nanoseconds(about.longest_ns)});
        field.remove_prefix(about.name_size);
    }
    return told;
}

void add(account& costs, const std::vector<told_fixture>& told, const std::string& test) {
    for (const told_fixture& each : told) {
        costs.add({each.kind, each.name, each.duration, each.depth, each.count, each.longest},
                  each.in_case ? test : std::string());
    }
}

} // namespace isolite::run
