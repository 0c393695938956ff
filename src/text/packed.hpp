#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// Values as bytes, for another process of the same program: numbers, enumerations and what else
/// can be copied byte by byte, texts, lists of these, and structures of up to 12 such members. One
/// that is not to be packed whole, or has views of texts, names its members:
///
///     template <typename Self> static auto fields(Self& self) { return std::tie(self.a, self.b); }
namespace isolite::text {

namespace packing {

template <typename Value, typename = void>
struct has_fields : std::false_type {};

template <typename Value>
struct has_fields<Value, std::void_t<decltype(Value::fields(std::declval<Value&>()))>>
    : std::true_type {};

/// What any member of a structure can be initialised by.
struct anything {
    template <typename Value>
    operator Value() const;
};

template <typename Value, typename Indices, typename = void>
struct has_members : std::false_type {};

template <typename Value, std::size_t... Indices>
struct has_members<Value, std::index_sequence<Indices...>,
                   std::void_t<decltype(Value{(static_cast<void>(Indices), anything())...})>>
    : std::true_type {};

/// Returns how many members a structure has, which is as many as its initialisers may be.
template <typename Value, std::size_t Most = 13>
constexpr std::size_t count_of_members() {
    if constexpr (has_members<Value, std::make_index_sequence<Most>>::value) {
        return Most;
    } else {
        return count_of_members<Value, Most - 1>();
    }
}

/// Returns references to the members of a structure.
template <typename Value>
auto members_of(Value& value) {
    constexpr std::size_t count = count_of_members<std::remove_const_t<Value>>();
    static_assert(count >= 2 && count <= 12);
    if constexpr (count == 2) {
        auto& [a, b] = value;
        return std::tie(a, b);
    } else if constexpr (count == 3) {
        auto& [a, b, c] = value;
        return std::tie(a, b, c);
    } else if constexpr (count == 4) {
        auto& [a, b, c, d] = value;
        return std::tie(a, b, c, d);
    } else if constexpr (count == 5) {
        auto& [a, b, c, d, e] = value;
        return std::tie(a, b, c, d, e);
    } else if constexpr (count == 6) {
        auto& [a, b, c, d, e, f] = value;
        return std::tie(a, b, c, d, e, f);
    } else if constexpr (count == 7) {
        auto& [a, b, c, d, e, f, g] = value;
        return std::tie(a, b, c, d, e, f, g);
    } else if constexpr (count == 8) {
        auto& [a, b, c, d, e, f, g, h] = value;
        return std::tie(a, b, c, d, e, f, g, h);
    } else if constexpr (count == 9) {
        auto& [a, b, c, d, e, f, g, h, i] = value;
        return std::tie(a, b, c, d, e, f, g, h, i);
    } else if constexpr (count == 10) {
        auto& [a, b, c, d, e, f, g, h, i, j] = value;
        return std::tie(a, b, c, d, e, f, g, h, i, j);
    } else if constexpr (count == 11) {
        auto& [a, b, c, d, e, f, g, h, i, j, k] = value;
        return std::tie(a, b, c, d, e, f, g, h, i, j, k);
    } else if constexpr (count == 12) {
        auto& [a, b, c, d, e, f, g, h, i, j, k, l] = value;
        return std::tie(a, b, c, d, e, f, g, h, i, j, k, l);
    }
}

template <typename Value>
struct is_list : std::false_type {};

template <typename Value>
struct is_list<std::vector<Value>> : std::true_type {};

/// Calls `put` with the bytes that a value consists of, piece by piece.
template <typename Value, typename Put>
void give(const Value& value, const Put& put) {
    if constexpr (has_fields<Value>::value) {
        std::apply([&](const auto&... each) { (give(each, put), ...); }, Value::fields(value));
    } else if constexpr (std::is_same_v<Value, std::string> ||
                         std::is_same_v<Value, std::string_view>) {
        give(value.size(), put);
        put(value.data(), value.size());
    } else if constexpr (is_list<Value>::value) {
        give(value.size(), put);
        for (const auto& each : value) {
            give(each, put);
        }
    } else if constexpr (std::is_trivially_copyable_v<Value>) {
        static_assert(!std::is_pointer_v<Value>);
        put(&value, sizeof value);
    } else {
        std::apply([&](const auto&... each) { (give(each, put), ...); }, members_of(value));
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
    } else if constexpr (std::is_trivially_copyable_v<Value>) {
        std::memcpy(&value, bytes.data(), sizeof value);
        bytes.remove_prefix(sizeof value);
    } else {
        std::apply([&](auto&... each) { (take(bytes, each), ...); }, members_of(value));
    }
}

} // namespace packing

/// A value of any type that is to be packed where it is to lie, which takes no memory.
/// Lifetime: the value outlives it.
class to_pack {
  public:
    template <typename Value>
    explicit to_pack(const Value& value)
        : value_(&value), put_([](const void* packed, char* to) {
              packing::give(*static_cast<const Value*>(packed),
                            [&to](const void* from, std::size_t more) {
                                to = std::copy_n(static_cast<const char*>(from), more, to);
                            });
          }) {
        packing::give(value, [&](const void* /*from*/, std::size_t more) { size_ += more; });
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Writes `size()` bytes.
    void put(char* to) const { put_(value_, to); }

  private:
    const void* value_;
    void (*put_)(const void* value, char* to);
    std::size_t size_ = 0;
};

template <typename Value>
[[nodiscard]] std::string packed(const Value& value) {
    const to_pack given(value);
    std::string bytes(given.size(), '\0');
    given.put(bytes.data());
    return bytes;
}

/// Returns the value that the bytes begin with. Requires: `packed` made them of such a value, of
/// one with `std::string_view` for its texts, or of a structure whose first member is one.
template <typename Value>
[[nodiscard]] Value unpacked(std::string_view bytes) {
    Value value{};
    packing::take(bytes, value);
    return value;
}

} // namespace isolite::text
