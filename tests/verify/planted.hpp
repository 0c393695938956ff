#pragma once

#include <isolite/seed.hpp>
#include <isolite/suite.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>

using isolite::suite;
using named_suites = std::map<std::string, void (*)(suite&)>;

/// Suites that must be called clean, those whose fault is in memory, those that show it only when
/// cases run twice, and those that have to do with the time, with places and with chance.
extern const named_suites clean_suites;
extern const named_suites faults_in_memory;
extern const named_suites faults_of_repetition;
extern const named_suites suites_of_conditions;

inline void expect(bool holds, const std::string& what) {
    if (!holds) {
        throw std::runtime_error(what);
    }
}

/// What a product may keep in a static object.
inline std::map<std::string, int>& registry() {
    static std::map<std::string, int> entries;
    return entries;
}

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql(
            "CREATE TABLE orders(id INTEGER PRIMARY KEY, total INTEGER NOT NULL)");
    }
};

/// Cases that have to do with nobody.
inline void add_bystanders(suite& to, const std::string& name, int count) {
    for (int i = 0; i < count; ++i) {
        to.add<shop>(name + "/" + std::to_string(i), [](isolite::fixture& test) {
            test.execute("INSERT INTO orders(total) VALUES (1)");
            expect(test.value<int>("SELECT count(*) FROM orders") == 1, "there are other orders");
        });
    }
}

/// Two cases among others: the first one spoils something for the second.
inline void plant(suite& to, const std::function<void()>& polluter,
                  const std::function<void()>& victim) {
    add_bystanders(to, "before", 5);
    to.add("customers/import", polluter);
    add_bystanders(to, "between", 4);
    to.add("orders/total", victim);
    add_bystanders(to, "behind", 3);
}

/// Holds something for a moment in which another worker may want it.
inline void hold() {
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
}

/// Does something else first, so that who has begun before holds what both want.
inline void begin_late() {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
}
