#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace isolite {

/// One record: an object of JSON on a line. Its memory serves the next record too.
class record_line {
  public:
    /// Begins a record. `start` is a time of the steady clock.
    record_line& begin(std::string_view kind, std::chrono::nanoseconds start);

    record_line& add(std::string_view field, std::int64_t value);

    /// Bytes that are no UTF-8 become question marks: JSON cannot hold them.
    record_line& add(std::string_view field, std::string_view text);

    /// Ends the record and returns it with its newline. Lifetime: until the next one begins.
    [[nodiscard]] std::string_view end();

  private:
    void add_name(std::string_view field);
    void add_escaped(std::string_view text);

    std::string text_;
};

} // namespace isolite
