// Suites with one planted fault, which is in the memory of the process.
#include "planted.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

namespace {

/// What a product keeps once for all.
class catalogue {
  public:
    static catalogue& instance() {
        static catalogue only;
        return only;
    }
    std::vector<std::string> products = {"tea"};
};

void singleton(suite& to) {
    plant(
        to, [] { catalogue::instance().products.emplace_back("milk"); },
        [] { expect(catalogue::instance().products.size() == 1, "there is more than tea"); });
}

/// A connection of the product that lives as long as the process, and knows nothing of isolite.
SQLite::Database& own_connection() {
    static SQLite::Database only(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    only.exec("CREATE TABLE IF NOT EXISTS prices(id INTEGER PRIMARY KEY AUTOINCREMENT, value)");
    return only;
}

void row_in_memory(suite& to) {
    plant(
        to, [] { own_connection().exec("INSERT INTO prices(value) VALUES (7)"); },
        [] {
            expect(own_connection().execAndGet("SELECT count(*) FROM prices").getInt() == 0,
                   "there are prices");
        });
}

void pragma(suite& to) {
    plant(
        to, [] { own_connection().exec("PRAGMA case_sensitive_like = ON"); },
        [] {
            expect(own_connection().execAndGet("SELECT 'TEA' LIKE 'tea'").getInt() == 1,
                   "capitals count");
        });
}

void temporary_table(suite& to) {
    plant(
        to, [] { own_connection().exec("CREATE TEMP TABLE IF NOT EXISTS prices(id, value)"); },
        [] {
            own_connection().exec("DELETE FROM prices; INSERT INTO prices(value) VALUES (7)");
            expect(own_connection().execAndGet("SELECT count(id) FROM prices").getInt() == 1,
                   "a price has no id");
        });
}

void sequence(suite& to) {
    plant(
        to,
        [] { own_connection().exec("INSERT INTO prices(value) VALUES (7); DELETE FROM prices"); },
        [] {
            own_connection().exec("INSERT INTO prices(value) VALUES (8)");
            const int id = own_connection().execAndGet("SELECT max(id) FROM prices").getInt();
            own_connection().exec("DELETE FROM prices; DELETE FROM sqlite_sequence");
            expect(id == 1, "the first price is not number 1");
        });
}

/// A thread that goes on behind its case.
void thread_left(suite& to) {
    static std::atomic<int> counted{0};
    plant(
        to,
        [] {
            std::thread([] {
                for (;;) {
                    ++counted;
                    std::this_thread::yield();
                }
            }).detach();
            while (counted == 0) {
                std::this_thread::yield();
            }
        },
        [] { expect(counted == 0, "somebody counts"); });
}

/// One that waits for what another one has taken.
void hang(suite& to) {
    plant(
        to, [] { registry()["taken"] = 1; },
        [] {
            while (registry().count("taken") > 0) {
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
            }
        });
}

/// No two of them do harm.
void three_together(suite& to) {
    add_bystanders(to, "before", 2);
    to.add("customers/import", [] { registry()["customers"] = 1; });
    add_bystanders(to, "between", 2);
    to.add("products/import", [] { registry()["products"] = 1; });
    add_bystanders(to, "more", 2);
    to.add("prices/import", [] { registry()["prices"] = 1; });
    to.add("orders/total", [] { expect(registry().size() < 3, "all three were imported"); });
}

/// Two cases do the same harm, each alone.
void either_polluter(suite& to) {
    to.add("customers/import", [] { registry()["imported"] = 1; });
    add_bystanders(to, "between", 3);
    to.add("orders/total",
           [] { expect(registry().count("imported") == 0, "something was imported"); });
    add_bystanders(to, "more", 3);
    to.add("products/import", [] { registry()["imported"] = 1; });
}

/// What a product numbers by itself, whoever runs.
int next_number() {
    static int last = 0;
    return ++last;
}

/// A verdict that is always the same, and rows that are not.
void numbered_rows(suite& to) {
    add_bystanders(to, "before", 5);
    to.add("customers/import", [] { static_cast<void>(next_number()); });
    to.add<shop>("orders/total", [](isolite::fixture& test) {
        test.execute("INSERT INTO orders(total) VALUES (?)", next_number() * 10);
        test.execute("CREATE TABLE prices AS SELECT hex(randomblob(8)) AS name LIMIT 0");
        expect(test.value<int>("SELECT count(*) FROM orders") == 1, "there are other orders");
    });
    add_bystanders(to, "behind", 3);
}

/// As many rows as no message shows, of which the last one differs; in a table that is new.
void last_of_many_rows(suite& to) {
    to.add("customers/import", [] { static_cast<void>(next_number()); });
    add_bystanders(to, "between", 3);
    to.add<shop>("orders/total", [](isolite::fixture& test) {
        test.execute("CREATE TABLE prices(value)");
        for (int i = 0; i < 9; ++i) {
            test.execute("INSERT INTO prices VALUES (?)", i);
        }
        test.execute("INSERT INTO prices VALUES (?)", next_number());
    });
}

void other_message(suite& to) {
    plant(
        to, [] { static_cast<void>(next_number()); },
        [] {
            const int number = next_number();
            expect(false, "there is no order\nnumber " + std::to_string(number));
        });
}

} // namespace

const named_suites faults_in_memory = {
    {"either_polluter", either_polluter},
    {"hang", hang},
    {"last_of_many_rows", last_of_many_rows},
    {"numbered_rows", numbered_rows},
    {"other_message", other_message},
    {"pragma", pragma},
    {"row_in_memory", row_in_memory},
    {"sequence", sequence},
    {"singleton", singleton},
    {"temporary_table", temporary_table},
    {"thread_left", thread_left},
    {"three_together", three_together},
};
