#pragma once

#include <functional>
#include <string>
#include <vector>

/// Collects what is not as it should be, in a process of its own: a crash there is one line more
/// and hides nothing else.
class witness {
  public:
    explicit witness(int descriptor) : descriptor_(descriptor) {}

    /// Says that something is wrong. What was said before a crash is not lost.
    void object(const std::string& line);

    /// Objects unless `is_so`.
    void expect(bool is_so, const std::string& line);

    /// Objects unless both are equal.
    void expect_equal(const std::string& seen, const std::string& wanted, const std::string& what);

    /// Objects unless `text` contains each of the words.
    void expect_words(const std::string& text, const std::vector<std::string>& words,
                      const std::string& what);

  private:
    int descriptor_;
};

/// Runs the scenario in a child of this process. Returns its objections, each on a line of its own,
/// and how the child ended unless that was well. "" when all is right.
[[nodiscard]] std::string wrong_in(const std::function<void(witness&)>& scenario);

/// Returns what `action` writes to stderr.
[[nodiscard]] std::string written_to_stderr(const std::function<void()>& action);
