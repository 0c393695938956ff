// One list of cases for all frameworks: what isolite promises, written once. BEHAVIOUR_OF is the
// header of a framework, which says how each case is written for it; behaviour_test.py judges.
#include BEHAVIOUR_OF

#include "../broken_suites.hpp"
#include "../databases_of_modes.hpp"
#include "../failing_test.hpp"
#include "../overlap.hpp"
#include "../suite_data.hpp"

#include <SQLiteCpp/Database.h>
#include <isolite/worker.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace {

using framework::session;
using isolite::mode;

using stock_test = session<stock>;
using stock_that_commits = session<stock, mode::copy_on_write>;

bool is_asked_for(const char* name) {
    return std::getenv(name) != nullptr;
}

void commit_bread(isolite::fixture& test) {
    test.execute("INSERT INTO products(name) VALUES ('bread')");
    test.execute("COMMIT");
}

struct nothing {};

// Each case starts on what the seed made.

BEHAVIOUR_SUITE(pristine_stock);
BEHAVIOUR_CASE(pristine_stock, first, stock_test, PLAIN) {
    VERIFY(products_before_spoiling(*this) == "milk,tea");
}
BEHAVIOUR_CASE(pristine_stock, second, stock_test, PLAIN) {
    VERIFY(products_before_spoiling(*this) == "milk,tea");
}
BEHAVIOUR_CASE(pristine_stock, commits_first, stock_that_commits, PLAIN) {
    VERIFY(products_before_spoiling(*this) == "milk,tea");
}
BEHAVIOUR_CASE(pristine_stock, commits_second, stock_that_commits, PLAIN) {
    VERIFY(products_before_spoiling(*this) == "milk,tea");
}
BEHAVIOUR_CASE(pristine_stock, another_database, session<staff>, PLAIN) {
    VERIFY(value<int>("SELECT count(*) FROM people") == 0);
    execute("INSERT INTO people VALUES ('Ada')");
}
BEHAVIOUR_CASE(pristine_stock, no_database, nothing, PLAIN) {
    VERIFY(true);
}

// The control: without protection the later of two cases finds what the earlier one wrote.

using bare_stock = session<exposed_stock, mode::none>;
BEHAVIOUR_SUITE(exposed);
BEHAVIOUR_CASE(exposed, one, bare_stock, PLAIN) {
    VERIFY(pristine(*this));
    execute("INSERT INTO products(name) VALUES ('bread')");
}
BEHAVIOUR_CASE(exposed, other, bare_stock, PLAIN) {
    VERIFY(pristine(*this));
    execute("INSERT INTO products(name) VALUES ('bread')");
}

// Who chooses the mode.

BEHAVIOUR_SUITE(modes);
BEHAVIOUR_CASE(modes, nobody_chooses, stock_test, PLAIN) {
    VERIFY(!commits(*this));
}
BEHAVIOUR_CASE(modes, its_type_chooses, stock_that_commits, PLAIN) {
    VERIFY(commits(*this));
}
BEHAVIOUR_CASE(modes, its_database_chooses, session<committing_stock>, PLAIN) {
    VERIFY(commits(*this));
}
using committing_stock_in_rollback = session<committing_stock, mode::rollback>;
BEHAVIOUR_CASE(modes, its_type_before_its_database, committing_stock_in_rollback, PLAIN) {
    VERIFY(!commits(*this));
}
BEHAVIOUR_CASE(modes, its_mark_chooses, stock_test, COMMITTING) {
    VERIFY(commits(*this));
}
BEHAVIOUR_CASE(modes, its_mark_before_its_type, stock_that_commits, ROLLING_BACK) {
    VERIFY(!commits(*this));
}
BEHAVIOUR_CASE(modes, its_mark_before_its_database, session<committing_stock>, ROLLING_BACK) {
    VERIFY(!commits(*this));
}

// What fails a case at its end.

BEHAVIOUR_SUITE(leaks);
BEHAVIOUR_CASE(leaks, commits, stock_test, PLAIN) {
    commit_bread(*this);
}
BEHAVIOUR_CASE(leaks, commits_and_fails, stock_test, PLAIN) {
    commit_bread(*this);
    FAIL_WITH("the test's own failure");
}
BEHAVIOUR_CASE(leaks, commits_and_throws, stock_test, PLAIN) {
    commit_bread(*this);
    throw std::runtime_error("the code under test failed");
}
BEHAVIOUR_CASE(leaks, changes_a_setting, stock_test, PLAIN) {
    db().exec("PRAGMA cache_size = 77");
}
BEHAVIOUR_CASE(leaks, leaves_a_transaction, stock_that_commits, PLAIN) {
    db().exec("BEGIN");
}

// What a failing case keeps.

BEHAVIOUR_SUITE(evidence);
BEHAVIOUR_CASE(evidence, fails, stock_test, PLAIN) {
    replace_tea(*this);
    FAIL_WITH("the test's own failure");
}
BEHAVIOUR_CASE(evidence, throws, stock_that_commits, PLAIN) {
    replace_tea(*this);
    throw std::runtime_error("the code under test failed");
}
BEHAVIOUR_CASE(evidence, throws_in_its_set_up, failing_set_up<stock_test>, PLAIN) {}
BEHAVIOUR_CASE(evidence, passes, stock_test, PLAIN) {
    replace_tea(*this);
    VERIFY(true);
}

// Databases that cannot be made.

BEHAVIOUR_SUITE(broken_seeds);
BEHAVIOUR_CASE(broken_seeds, wrong_sql_1, session<wrong_sql>, PLAIN) {
    FAIL_WITH("a case ran on a database that cannot be made");
}
BEHAVIOUR_CASE(broken_seeds, wrong_sql_2, session<wrong_sql>, PLAIN) {
    FAIL_WITH("a case ran on a database that cannot be made");
}
BEHAVIOUR_CASE(broken_seeds, missing_file_1, session<missing_file>, PLAIN) {}
BEHAVIOUR_CASE(broken_seeds, missing_file_2, session<missing_file>, PLAIN) {}
BEHAVIOUR_CASE(broken_seeds, throwing_step_1, session<throwing_step>, PLAIN) {}
BEHAVIOUR_CASE(broken_seeds, throwing_step_2, session<throwing_step>, PLAIN) {}
BEHAVIOUR_CASE(broken_seeds, throwing_description_1, session<throwing_description>, PLAIN) {}
BEHAVIOUR_CASE(broken_seeds, throwing_description_2, session<throwing_description>, PLAIN) {}
BEHAVIOUR_CASE(broken_seeds, throwing_connection_1, session<throwing_connection>, PLAIN) {}
BEHAVIOUR_CASE(broken_seeds, throwing_connection_2, session<throwing_connection>, PLAIN) {}

#ifndef WITHOUT_SUITES

// The data of suites: there for each of their cases and for nobody else.

struct orders_data : product_of_suite<framework::suite<stock>> {
    orders_data() : product_of_suite("orders") {}
};
BEHAVIOUR_SUITE_WITH(orders, orders_data);
BEHAVIOUR_CASE(orders, first, stock_test, PLAIN) {
    VERIFY(products_before_spoiling(*this) == "milk,of orders,tea");
}
BEHAVIOUR_CASE(orders, second, stock_test, PLAIN) {
    VERIFY(products_before_spoiling(*this) == "milk,of orders,tea");
}
BEHAVIOUR_CASE(orders, commits, stock_that_commits, PLAIN) {
    VERIFY(products_before_spoiling(*this) == "milk,of orders,tea");
}
BEHAVIOUR_CASE(orders, another_database, session<staff>, PLAIN) {
    VERIFY(value<int>("SELECT count(*) FROM people") == 0);
}

BEHAVIOUR_SUITE_MARKED(committing_suite, COMMITTING);
BEHAVIOUR_CASE(committing_suite, its_suite_chooses, stock_test, PLAIN) {
    VERIFY(commits(*this));
}
BEHAVIOUR_CASE(committing_suite, its_mark_before_its_suite, stock_test, ROLLING_BACK) {
    VERIFY(!commits(*this));
}

BEHAVIOUR_SUITE_WITH(broken_orders, throwing_data<framework::suite>);
BEHAVIOUR_CASE(broken_orders, first, stock_test, PLAIN) {
    FAIL_WITH("a case ran although the set-up of its suite failed");
}
BEHAVIOUR_CASE(broken_orders, second, stock_test, PLAIN) {
    FAIL_WITH("a case ran although the set-up of its suite failed");
}

#endif

// What only workers survive, each when it is asked for.

BEHAVIOUR_SUITE(perils);
BEHAVIOUR_CASE(perils, may_die, nothing, PLAIN) {
    VERIFY(true);
    if (is_asked_for("SUBJECT_DIES")) {
        std::printf("what it wrote\n");
        std::raise(SIGKILL);
    }
}
BEHAVIOUR_CASE(perils, may_exit, stock_test, PLAIN) {
    VERIFY(pristine(*this));
    if (is_asked_for("SUBJECT_EXITS")) {
        std::exit(0);
    }
}
BEHAVIOUR_CASE(perils, may_hang, stock_test, PLAIN) {
    VERIFY(pristine(*this));
    if (is_asked_for("SUBJECT_HANGS")) {
        ::pause();
    }
}
BEHAVIOUR_CASE(perils, may_fail_at_first, stock_test, PLAIN) {
    VERIFY(pristine(*this));
    if (const char* const folder = std::getenv("SUBJECT_FAILS_ONCE_IN")) {
        const std::filesystem::path trace = std::filesystem::path(folder) / "was_there";
        if (!std::filesystem::exists(trace)) {
            std::ofstream(trace) << "once";
            FAIL_WITH("at first");
        }
    }
}
BEHAVIOUR_CASE(perils, stays, stock_test, PLAIN) {
    VERIFY(pristine(*this));
}

// Each says by which worker it runs, in a file of $SUBJECT_WORKERS.

void tell_worker(const char* name) {
    if (const char* const folder = std::getenv("SUBJECT_WORKERS")) {
        const isolite::worker& worker = isolite::worker::current().value();
        std::ofstream(std::filesystem::path(folder) / name)
            << worker.run_id << " " << worker.slot << " " << worker.name << " " << ::getpid();
    }
}
BEHAVIOUR_SUITE(workers);
BEHAVIOUR_CASE(workers, first, stock_test, PLAIN) {
    VERIFY(pristine(*this));
    tell_worker("first");
}
BEHAVIOUR_CASE(workers, second, stock_test, PLAIN) {
    VERIFY(pristine(*this));
    tell_worker("second");
}
BEHAVIOUR_CASE(workers, third, stock_test, PLAIN) {
    VERIFY(pristine(*this));
    tell_worker("third");
}
BEHAVIOUR_CASE(workers, fourth, stock_test, PLAIN) {
    VERIFY(pristine(*this));
    tell_worker("fourth");
}

// Which of these overlap, their times tell.

void run_if_asked(const char* name) {
    if (is_asked_for("SUBJECT_TIMES")) {
        run_beside(name);
    }
}
BEHAVIOUR_SUITE(unbound);
BEHAVIOUR_CASE(unbound, first, nothing, PLAIN) {
    VERIFY(true);
    run_if_asked("unbound_1");
}
BEHAVIOUR_CASE(unbound, second, nothing, PLAIN) {
    VERIFY(true);
    run_if_asked("unbound_2");
}
BEHAVIOUR_SUITE(sharing);
BEHAVIOUR_CASE(sharing, first, nothing, SHARING) {
    VERIFY(true);
    run_if_asked("sharing_1");
}
BEHAVIOUR_CASE(sharing, second, nothing, SHARING) {
    VERIFY(true);
    run_if_asked("sharing_2");
}
BEHAVIOUR_CASE(sharing, third, nothing, SHARING) {
    VERIFY(true);
    run_if_asked("sharing_3");
}
#ifndef WITHOUT_SUITES
BEHAVIOUR_SUITE_MARKED(sharing_suite, SHARING);
BEHAVIOUR_CASE(sharing_suite, first, nothing, PLAIN) {
    VERIFY(true);
    run_if_asked("sharing_suite_1");
}
BEHAVIOUR_CASE(sharing_suite, second, nothing, PLAIN) {
    VERIFY(true);
    run_if_asked("sharing_suite_2");
}
BEHAVIOUR_SUITE_MARKED(alone_suite, ALONE);
BEHAVIOUR_CASE(alone_suite, first, nothing, PLAIN) {
    VERIFY(true);
    run_if_asked("alone_suite_1");
}
#endif
BEHAVIOUR_SUITE(alone);
BEHAVIOUR_CASE(alone, first, nothing, ALONE) {
    VERIFY(true);
    run_if_asked("alone_1");
}
BEHAVIOUR_CASE(alone, second, nothing, ALONE) {
    VERIFY(true);
    run_if_asked("alone_2");
}

} // namespace
