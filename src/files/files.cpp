#include <isolite/files.hpp>

#include "files/claims.hpp"
#include "files/front.hpp"

namespace isolite {

files::files(const std::vector<std::string>& patterns) {
    for (const std::string& each : patterns) {
        paths::claims::of_process().add(each, {});
    }
    paths::stand_in_front();
}

const files& files::only() const noexcept {
    paths::claims::of_process().refuse_others();
    return *this;
}

} // namespace isolite
