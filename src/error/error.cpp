#include <isolite/error.hpp>

namespace isolite {

std::string error::text() const {
    std::string text = "cannot " + message;
    if (!hint.empty()) {
        text += "\n  hint: " + hint;
    }
    return text;
}

} // namespace isolite
