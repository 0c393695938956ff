#include "text/file_names.hpp"

#include "text/hexadecimal.hpp"

#include <cctype>

namespace isolite::text {

std::string file_name(const std::string& text, std::size_t longest, std::string_view kept) {
    std::string name = text.substr(0, longest);
    for (char& c : name) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
        c = plain || kept.find(c) != std::string_view::npos ? c : '-';
    }
    return name;
}

std::string unique_file_name(const std::string& text) {
    std::string name;
    for (const char character : text) {
        // Capital letters are escaped as well: a file system may not tell them from small ones.
        if ((character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') ||
            character == '-') {
            name += character;
        } else {
            name += '_' + hexadecimal({&character, 1});
        }
    }
    return name;
}

} // namespace isolite::text
