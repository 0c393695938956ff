#include "files/uri_as_name.hpp"

#include "error/warning.hpp"
#include "os/files.hpp"
#include "store/vfs.hpp"
#include "text/numbers.hpp"

#include <cstdint>
#include <string_view>

namespace isolite::paths {

namespace {

constexpr std::string_view scheme = "file:";
constexpr std::string_view query = "?vfs=isolite";

std::string unescaped(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_escape = text[i] == '%' && text.size() - i > 2;
        const auto byte =
            is_escape ? text::number_in<std::uint8_t>(text.substr(i + 1, 2), 16) : std::nullopt;
        plain += byte ? static_cast<char>(*byte) : text[i];
        i += byte ? 2 : 0;
    }
    return plain;
}

/// An earlier SQLite without isolite in front has made a file of it.
void warn_of_stray_file(const std::string& name) {
    if (os::look_at(name)) {
        warnings::warn_once({errc::usage,
                             "tell whether a test means the file '" + name +
                                 "' in its working directory: it is called as a URI of isolite's, "
                                 "and was not opened",
                             "remove it: a SQLite that takes no URIs has made it"});
    }
}

} // namespace

std::optional<std::string> take_as_uri(const std::string& name) {
    const std::size_t at = name.find(query);
    if (name.compare(0, scheme.size(), scheme) != 0 || at == std::string::npos) {
        return std::nullopt;
    }
    if (const std::string more = name.substr(at + query.size()); !more.empty()) {
        warnings::warn_once(
            {errc::usage, "open '" + name + "': \"" + more + "\" stands behind a URI of isolite's",
             "code that makes file names from what it is given needs a path: claim one with "
             "seed::file"});
        return "";
    }
    warn_of_stray_file(name);
    const std::string_view path = std::string_view(name).substr(scheme.size(), at - scheme.size());
    return store::marked_name(unescaped(path.substr(0, 2) == "//" ? path.substr(2) : path));
}

} // namespace isolite::paths
