#include "programs/variables.hpp"

#include "text/shell_words.hpp"

namespace isolite::programs {

std::map<std::string, std::string> variables_for(const std::vector<run::condition>& conditions) {
    using kind = run::condition::what;
    std::map<std::string, std::string> all;
    for (const run::condition& each : conditions) {
        if (each.kind == kind::zone) {
            all["TZ"] = each.value;
        } else if (each.kind == kind::locale) {
            all["LC_ALL"] = each.value;
        } else if (each.kind == kind::memory) {
            all["MALLOC_PERTURB_"] = each.value == "junk" ? "90" : "255"; // as in a worker
        }
    }
    return all;
}

std::string in_front(const std::map<std::string, std::string>& variables) {
    std::string text;
    for (const auto& [name, value] : variables) {
        text += name + "=" + text::shell_word(value) + " ";
    }
    return text;
}

} // namespace isolite::programs
