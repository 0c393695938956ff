#include "report/page.hpp"

namespace isolite::report {

namespace {

constexpr std::string_view pieces[] = {
#include "report/page_text.inc"
};

constexpr std::string_view place_of_data = "@DATA@";

/// In JSON, '<' is only found in strings, where it may be written by its number. So neither
/// "</script" nor "<!--" is left.
/// Source:
/// https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
void append_for_script(std::string& page, std::string_view json) {
    for (const char c : json) {
        if (c == '<') {
            page += "\\u003c";
        } else {
            page += c;
        }
    }
}

} // namespace

std::string page_with(std::string_view json) {
    std::string page;
    for (const std::string_view piece : pieces) {
        const std::size_t place = piece.find(place_of_data);
        if (place == std::string_view::npos) {
            page += piece;
            continue;
        }
        page += piece.substr(0, place);
        append_for_script(page, json);
        page += piece.substr(place + place_of_data.size());
    }
    return page;
}

} // namespace isolite::report
