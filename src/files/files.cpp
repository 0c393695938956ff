#include <isolite/files.hpp>

#include "files/claim_uses.hpp"
#include "files/claims.hpp"
#include "files/front.hpp"

#include <utility>

namespace isolite {

files::files(const std::vector<std::string>& patterns) {
    const unsigned statement = paths::claim_uses::of_process().add_statement();
    for (const std::string& each : patterns) {
        paths::origin from;
        from.statement = statement;
        paths::claims::of_process().add(each, std::move(from));
    }
    paths::stand_in_front();
}

const files& files::only() const noexcept {
    paths::claims::of_process().refuse_others();
    return *this;
}

} // namespace isolite
