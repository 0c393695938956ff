#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace isolite::records {

/// One record: an object of JSON on a line. Its memory serves the next record too.
/// A session writes three of them, so that instructions count here.
class record_line {
  public:
    /// Begins a record. `start` is a time of the steady clock.
    record_line& begin(std::string_view kind, std::chrono::nanoseconds start);

    template <std::size_t Size>
    record_line& add(const char (&field)[Size], std::int64_t value) {
        add_name(field);
        add_number(value);
        return *this;
    }

    /// Bytes that are no UTF-8 become question marks: JSON cannot hold them.
    template <std::size_t Size>
    record_line& add(const char (&field)[Size], std::string_view text) {
        add_name(field);
        add_text(text);
        return *this;
    }

    /// Ends the record and returns it with its newline. Lifetime: until the next one begins.
    [[nodiscard]] std::string_view end();

  private:
    template <std::size_t Size>
    void add_name(const char (&field)[Size]) {
        char* const to = room(Size + 3);
        std::memcpy(to, ",\"", 2);
        std::memcpy(to + 2, field, Size - 1);
        std::memcpy(to + 2 + Size - 1, "\":", 2);
        size_ += Size + 3;
    }

    void add_number(std::int64_t value);
    void add_time(std::int64_t nanoseconds);
    void add_text(std::string_view text);
    void add_escaped(std::string_view text);

    /// Returns where the next bytes go, of which there may be so many.
    [[nodiscard]] char* room(std::size_t bytes) {
        if (size_ + bytes > buffer_.size()) {
            buffer_.resize(2 * (size_ + bytes));
        }
        return buffer_.data() + size_;
    }

    std::vector<char> buffer_;
    std::size_t size_ = 0;
    std::int64_t seconds_ = -1; ///< of the last time, with its digits
    std::array<char, 20> seconds_text_{};
    std::size_t seconds_size_ = 0;
};

} // namespace isolite::records
