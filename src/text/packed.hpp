#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// Values as bytes, for another process of the same program: numbers, enumerations and what else
/// can be copied byte by byte, texts, lists of these, and structures that name their members:
///
///     template <typename Self> static auto fields(Self& self) { return std::tie(self.a, self.b); }
namespace isolite::text {

namespace packing {

template <typename Value, typename = void>
struct has_fields : std::false_type {};

template <typename Value>
struct has_fields<Value, std::void_t<decltype(Value::fields(std::declval<Value&>()))>>
    : std::true_type {};

template <typename Value>
struct is_list : std::false_type {};

template <typename Value>
struct is_list<std::vector<Value>> : std::true_type {};

template <typename Value>
void add(std::string& bytes, const Value& value) {
    if constexpr (has_fields<Value>::value) {
        std::apply([&](const auto&... each) { (add(bytes, each), ...); }, Value::fields(value));
    } else if constexpr (std::is_same_v<Value, std::string>) {
        add(bytes, value.size());
        bytes += value;
    } else if constexpr (is_list<Value>::value) {
        add(bytes, value.size());
        for (const auto& each : value) {
            add(bytes, each);
        }
    } else {
        static_assert(std::is_trivially_copyable_v<Value> && !std::is_pointer_v<Value>);
        bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
}

template <typename Value>
void take(std::string_view& bytes, Value& value) {
    if constexpr (has_fields<Value>::value) {
        std::apply([&](auto&... each) { (take(bytes, each), ...); }, Value::fields(value));
    } else if constexpr (std::is_same_v<Value, std::string>) {
        std::size_t size = 0;
        take(bytes, size);
        value = bytes.substr(0, size);
        bytes.remove_prefix(size);
    } else if constexpr (is_list<Value>::value) {
        std::size_t size = 0;
        take(bytes, size);
        value.resize(size);
        for (auto& each : value) {
            take(bytes, each);
        }
    } else {
        std::memcpy(&value, bytes.data(), sizeof value);
        bytes.remove_prefix(sizeof value);
    }
}

} // namespace packing

template <typename Value>
[[nodiscard]] std::string packed(const Value& value) {
    std::string bytes;
    packing::add(bytes, value);
    return bytes;
}

/// Returns the value that the bytes begin with. Requires: `packed` made them of such a value, or of
/// a structure whose first member is one.
template <typename Value>
[[nodiscard]] Value unpacked(std::string_view bytes) {
    Value value{};
    packing::take(bytes, value);
    return value;
}

} // namespace isolite::text
