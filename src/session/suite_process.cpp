#include "session/suite_process.hpp"

#include "engine/worker_engines.hpp"
#include "seed/effective_settings.hpp"
#include "session/evidence.hpp"

#include <isolite/ledger.hpp>
#include <isolite/session.hpp>

#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace isolite {

namespace {

result<bool> summary_wanted() {
    const char* const variable = std::getenv("ISOLITE_SUMMARY");
    const std::string_view value = variable ? variable : "on";
    if (value != "on" && value != "off") {
        return tl::unexpected(error{errc::environment,
                                    "tell whether to print the summary: ISOLITE_SUMMARY is \"" +
                                        std::string(value) + "\"",
                                    "set it to on (the default) or off"});
    }
    return value == "on";
}

} // namespace

result<suite_process> suite_process::start() {
    const result<worker>& worker = worker::current();
    if (!worker) {
        return tl::unexpected(worker.error());
    }
    // What is wrong for all tests is said before the first one.
    const auto cache = effective_settings(detail::environment::of_process(), chosen_cache());
    if (!cache) {
        return tl::unexpected(cache.error());
    }
    return summary_wanted().map([&](bool wanted) {
        remove_earlier_evidence();
        return suite_process(*worker, wanted);
    });
}

void suite_process::finish() const {
    const std::string summary = ledger::of_process().summary(worker_->name);
    if (summary_ && !summary.empty()) {
        // What the framework has written comes first, also where both go to one file.
        std::cout.flush();
        std::fflush(stdout);
        std::fprintf(stderr, "%s\n", summary.c_str());
    }
}

result<void> suite_process::abandon_sessions(std::string_view test) {
    for (engine* const opened : worker_engines()) {
        if (auto abandoned = session::abandon(*opened, test); !abandoned) {
            return abandoned;
        }
    }
    return {};
}

} // namespace isolite
