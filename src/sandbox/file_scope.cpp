#include "sandbox/file_scope.hpp"

#include "error/warning.hpp"
#include "files/claims.hpp"
#include "files/front.hpp"
#include "files/other_sqlites.hpp"
#include "sandbox/case_files.hpp"
#include "sandbox/explanation.hpp"
#include "sandbox/open_sessions.hpp"
#include "store/vfs.hpp"

#include <sqlite3.h>

#include <utility>

namespace isolite::sandbox {

result<std::uint64_t> enter_files(std::string_view test) {
    paths::stand_in_front();
    paths::check_in_front();
    auto& files = paths::claimed_databases::of_process();
    while (const auto objection = paths::claims::of_process().take_objection()) {
        warnings::warn_once(*objection);
    }
    files.warn_of_early_files();
    return files.enter(test);
}

std::size_t leave_files(std::uint64_t scope, leak::leak_report& found) {
    if (scope == 0) {
        return 0;
    }
    paths::warn_of_other_sqlites(); // of one that the scope has loaded, too
    auto left = paths::claimed_databases::of_process().leave(scope);
    for (const paths::file_outcome& each : left.files) {
        for (const store::foreign_work& work : each.unfinished) {
            found.file_uses.push_back(clause_of_use(each.name, work));
        }
        if (each.cut_off) {
            found.file_uses.push_back("left a connection to '" + each.name +
                                      "' open that holds the database in WAL mode");
        }
    }
    found.unclaimed = std::move(left.refused);
    return left.pages();
}

std::string clause_of_use(const std::string& file, const store::foreign_work& work) {
    const std::string connection = "left a connection to '" + file;
    return connection +
           (work.left_by.empty() ? "' in the middle of "
                                 : "' that '" + work.left_by + "' left open in the middle of ") +
           leak::text_of(work);
}

std::vector<exhibit> exhibits_of_files() {
    std::vector<exhibit> all;
    if (!paths::claims::any()) {
        return all;
    }
    for (paths::file_state& each : paths::claimed_databases::of_process().touched()) {
        auto now = content_committed(store::uri_of(each.name));
        all.push_back(
            {each.name,
             each.before ? each.before : std::make_shared<store::image>(std::vector<std::byte>()),
             now ? std::move(now) : std::move(each.now)});
    }
    for (open_sessions* const each : sessions_of_files()) {
        for (exhibit& shown : each->exhibits_of_case()) {
            all.push_back(std::move(shown));
        }
    }
    return all;
}

} // namespace isolite::sandbox
