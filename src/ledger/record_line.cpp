#include "ledger/record_line.hpp"

#include "text/json_text.hpp"

#include <array>
#include <charconv>

namespace isolite::records {

namespace {

/// Says whether each character stands for itself in a string of JSON. Looks at all of them, which
/// compilers do many at a time.
bool is_plain(std::string_view text) {
    unsigned odd = 0;
    for (const char c : text) {
        odd |= static_cast<unsigned>(c < ' ') | static_cast<unsigned>(c > '~') |
               static_cast<unsigned>(c == '"') | static_cast<unsigned>(c == '\\');
    }
    return odd == 0;
}

using three_digits = std::array<char, 3>;

constexpr std::array<three_digits, 1000> all_three_digits() {
    std::array<three_digits, 1000> all{};
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i][0] = static_cast<char>('0' + i / 100);
        all[i][1] = static_cast<char>('0' + i / 10 % 10);
        all[i][2] = static_cast<char>('0' + i % 10);
    }
    return all;
}

/// The digits of 000 to 999.
constexpr std::array<three_digits, 1000> digits_of = all_three_digits();

constexpr std::int64_t thousand = 1000;
constexpr std::int64_t nanoseconds_of_a_second = 1'000'000'000;

} // namespace

record_line& record_line::begin(std::string_view kind, std::chrono::nanoseconds start) {
    constexpr std::string_view opening = "{\"kind\":\"";
    size_ = 0;
    char* const to = room(opening.size() + kind.size() + 1);
    std::memcpy(to, opening.data(), opening.size());
    std::memcpy(to + opening.size(), kind.data(), kind.size()); // one of ours
    to[opening.size() + kind.size()] = '"';
    size_ = opening.size() + kind.size() + 1;
    add_name("start");
    add_time(start.count());
    return *this;
}

/// The seconds of the clock change rarely: their digits are kept.
void record_line::add_time(std::int64_t nanoseconds) {
    const std::int64_t seconds = nanoseconds / nanoseconds_of_a_second;
    if (seconds <= 0) {
        add_number(nanoseconds);
        return;
    }
    if (seconds != seconds_) {
        seconds_ = seconds;
        char* const end = seconds_text_.data() + seconds_text_.size();
        seconds_size_ = static_cast<std::size_t>(
            std::to_chars(seconds_text_.data(), end, seconds).ptr - seconds_text_.data());
    }
    char* const to = room(seconds_text_.size() + 9);
    std::memcpy(to, seconds_text_.data(), seconds_text_.size());
    const auto rest = static_cast<std::size_t>(nanoseconds - seconds * nanoseconds_of_a_second);
    std::memcpy(to + seconds_size_, digits_of[rest / (thousand * thousand)].data(), 3);
    std::memcpy(to + seconds_size_ + 3, digits_of[rest / thousand % thousand].data(), 3);
    std::memcpy(to + seconds_size_ + 6, digits_of[rest % thousand].data(), 3);
    size_ += seconds_size_ + 9;
}

std::string_view record_line::end() {
    std::memcpy(room(2), "}\n", 2);
    size_ += 2;
    return {buffer_.data(), size_};
}

void record_line::add_number(std::int64_t value) {
    constexpr std::size_t most = 20; // characters of the smallest number, with its sign
    char* const to = room(most);
    size_ += static_cast<std::size_t>(std::to_chars(to, to + most, value).ptr - to);
}

void record_line::add_text(std::string_view text) {
    if (!is_plain(text)) {
        add_escaped(text);
        return;
    }
    char* const to = room(text.size() + 2);
    to[0] = '"';
    if (!text.empty()) { // its data may be null
        std::memcpy(to + 1, text.data(), text.size());
    }
    to[text.size() + 1] = '"';
    size_ += text.size() + 2;
}

void record_line::add_escaped(std::string_view text) {
    const std::string escaped = text::json_text(text);
    std::memcpy(room(escaped.size()), escaped.data(), escaped.size());
    size_ += escaped.size();
}

} // namespace isolite::records
