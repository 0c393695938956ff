#pragma once

#include <cstdint>
#include <string>
#include <tuple>

namespace isolite::verify {

/// Something that a case leaves behind which others may notice.
struct trace {
    enum class what : std::uint8_t {
        variable,
        directory,
        setting, ///< of those that `settings_of_process` returns
        descriptor,
        signal,
        thread,
        process,
        file,         ///< made in the working directory
        changed_file, ///< there, or gone from there
        temporary,    ///< in the directory for temporary files
    };

    trace::what kind = what::variable;
    std::string name;     ///< of the variable, the file, ...; "" where there is one only
    std::string sentence; ///< reads after the name of the case: "sets the variable HOME to \"/\""

    /// Says whether it is about a file in the working directory.
    [[nodiscard]] bool is_of_file() const {
        return kind == what::file || kind == what::changed_file;
    }

    template <typename Self>
    static auto fields(Self& self) {
        return std::tie(self.kind, self.name, self.sentence);
    }
};

/// The kind of the event in which a worker tells of traces.
constexpr std::uint8_t traces_event = 0x7D;
/// That of the event in which it tells of the statements of a case.
constexpr std::uint8_t statements_event = 0x7C;
/// That of the event in which it tells how a case has changed its databases.
constexpr std::uint8_t changes_event = 0x7B;

} // namespace isolite::verify
