#include "by_path.hpp"

#include "files/claims.hpp"
#include "files/front.hpp"
#include "store/directory.hpp"

#include <cstdlib>
#include <filesystem>

#include <unistd.h>

namespace isolite::store::tests {

namespace {

/// What the paths begin with. Nothing of it comes to be on the disk.
const std::string& claimed() {
    static const std::string prefix =
        std::filesystem::canonical(std::filesystem::temp_directory_path()) /
        ("isolite-claimed-" + std::to_string(::getpid()) + "-");
    return prefix;
}

bool begins_with(const std::string& text, const std::string& prefix) {
    return text.compare(0, prefix.size(), prefix) == 0;
}

/// Says whether there is nothing to add: no file, one that has its name, or a URI around that.
bool is_complete(const std::string& name) {
    return name.empty() || name == ":memory:" || begins_with(name, "file:") ||
           begins_with(name, claimed());
}

} // namespace

bool goes_by_path() {
    static const bool answer = std::getenv("ISOLITE_TEST_BY_PATH") != nullptr;
    return answer;
}

std::string stored_name(const std::string& name) {
    return !goes_by_path() || is_complete(name) ? name : claimed() + name;
}

std::string plain_name(const std::string& stored) {
    return begins_with(stored, claimed()) ? stored.substr(claimed().size()) : stored;
}

void make_file(const std::string& stored) {
    if (begins_with(stored, claimed())) {
        static_cast<void>(directory::of_process().create(stored, nullptr));
    }
}

void claim_paths() {
    static const auto claim = paths::claims::of_process().add(claimed() + "*", {});
    static_cast<void>(claim);
    paths::stand_in_front();
}

} // namespace isolite::store::tests
