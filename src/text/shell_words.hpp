#pragma once

#include <string>
#include <vector>

namespace isolite::text {

/// Returns a text as one word of a command line of a shell, in quotes. Shape: one line; control
/// characters are written as bash and zsh read them.
[[nodiscard]] std::string quoted_shell_word(const std::string& text);

/// Returns a text as one word of a command line of a shell: as it is where no shell would change
/// it, else in quotes.
[[nodiscard]] std::string shell_word(const std::string& text);

/// Returns a command line of these words.
[[nodiscard]] std::string shell_command(const std::vector<std::string>& words);

} // namespace isolite::text
