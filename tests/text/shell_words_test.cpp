#include "text/shell_words.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <string>

using isolite::text::shell_command;
using isolite::text::shell_word;

namespace {

/// Returns what a shell makes of a word.
std::string read_by_shell(const std::string& shell, const std::string& word) {
    const std::string script = shell + " -c 'printf %s \"$1\"' x ";
    std::FILE* const pipe = ::popen((script + word).c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 200> bytes{};
    const std::size_t size = std::fread(bytes.data(), 1, bytes.size(), pipe);
    ::pclose(pipe);
    return {bytes.data(), size};
}

} // namespace

TEST_CASE("a word that no shell changes is written as it is") {
    for (const char* const each : {"build/shop", "--run_test=a/b:c", "x_1", "50%", "a,b"}) {
        CHECK(shell_word(each) == each);
    }
}

TEST_CASE("a word that a shell would change is quoted") {
    CHECK(shell_word("") == "''");
    CHECK(shell_word("two words") == "'two words'");
    CHECK(shell_word("it's") == "'it'\\''s'");
    CHECK(shell_word("$HOME") == "'$HOME'");
    CHECK(shell_word("a*") == "'a*'");
    CHECK(shell_word("~me") == "'~me'");
}

TEST_CASE("a word with control characters stays on one line") {
    CHECK(shell_word("a\nb\x1B") == "\"$(printf %b 'a\\0012b\\0033')\"");
}

TEST_CASE("a shell reads a quoted word as it was") {
    for (const char* const each : {"two words", "it's", "$HOME `ls` \\ \"x\" !", "a*?[b]", "~", "",
                                   "a\nb\x1B'\\\"$HOME`%s", "\t1\n2 \\n"}) {
        CHECK(read_by_shell("sh", shell_word(each)) == each);
    }
}

TEST_CASE("a command is its words with blanks between them") {
    CHECK(shell_command({"gdb", "--args", "my program", "a b"}) == "gdb --args 'my program' 'a b'");
}
