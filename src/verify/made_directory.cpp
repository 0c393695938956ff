#include "verify/made_directory.hpp"

#include "os/files.hpp"
#include "os/own_process.hpp"
#include "os/process_facts.hpp"
#include "worker/environment.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace isolite::verify {

namespace {

constexpr const char* temporary = "TMPDIR";

} // namespace

made_directory::made_directory(std::string path)
    : path_(std::move(path)), maker_(os::own_number()) {
    std::error_code exists;
    std::filesystem::create_directory(path_, exists);
}

made_directory::~made_directory() {
    if (is_own()) {
        os::remove_tree(path_);
    }
}

bool made_directory::is_own() const {
    return os::own_number() == maker_;
}

temporary_directory::temporary_directory(const std::string& place, std::size_t number)
    : made_(place + "/" + std::to_string(number)),
      before_(workers::environment::of_process().find(temporary)) {
    os::set_variable(temporary, made_.path());
}

temporary_directory::~temporary_directory() {
    if (made_.is_own()) { // a worker goes on to need it
        before_ ? os::set_variable(temporary, *before_) : os::unset_variable(temporary);
    }
}

} // namespace isolite::verify
