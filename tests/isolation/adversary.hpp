#pragma once

#include "neighbour.hpp"

#include <isolite/engine.hpp>
#include <isolite/mode.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// The scene of one test: the database, and what survives the test the way a static variable does.
struct stage {
    stage(isolite::engine& engine, isolite::mode mode) : engine(engine), mode(mode) {}

    isolite::engine& engine;
    isolite::mode mode;
    std::vector<std::shared_ptr<void>> outlives;
    std::vector<std::shared_ptr<neighbour>> neighbours;

    /// Runs statements; a failure is an error of the adversary.
    void run(const std::string& sql) const;

    /// Runs statements of which some fail by intention, or where nothing protects.
    void attempt(const std::string& sql) const;

    /// Makes an object that is destroyed only in the next test but one.
    template <typename Object, typename... Arguments>
    Object& keep(Arguments&&... arguments) {
        auto made = std::make_shared<Object>(std::forward<Arguments>(arguments)...);
        outlives.push_back(made);
        return *made;
    }

    /// Opens another connection, closed only in the next test but one. Each next test looks at the
    /// database through it too.
    neighbour& open_neighbour(int more_flags = 0);
};

/// What isolite says that a test left behind, in each mode: the clauses, each with its "it", and
/// the lines below them; or the whole message where it is not a leak. "" where everything is undone
/// without a word, so that the test passes.
struct leaks {
    std::string in_rollback;
    std::string in_copy_on_write;
};

/// Returns what passes in both modes.
[[nodiscard]] leaks nothing();

/// Returns what is a leak in both modes: the state of a connection.
[[nodiscard]] leaks left(const std::string& clauses);

/// Returns what is a leak in one mode only.
[[nodiscard]] leaks only_in_rollback(const std::string& clauses);
[[nodiscard]] leaks only_in_copy_on_write(const std::string& clauses);

/// Returns the leak of committed changes: how they were committed, the lines that tell of them,
/// each with a line break in front, and what was left in both modes.
[[nodiscard]] leaks committed(const std::string& how, const std::string& lines,
                              const std::string& left_in_both = "");

/// The lines for the row that adversaries like to delete, and for the order that they like to make.
inline constexpr const char* log_deleted = "\n  table log: 1 row removed"
                                           "\n    - rowid=1, entry='seeded', at='2024-01-01'";
inline constexpr const char* order_made = "\n  table orders: 1 row added"
                                          "\n    + id=4, product=7, quantity=2"
                                          "\n  table products: 1 row changed"
                                          "\n    ~ id=7: stock 100 -> 98"
                                          "\n  sequence of orders: 3 -> 4";

/// Something a test does that could reach the next one.
struct adversary {
    /// A claim about the test, unique in the suite.
    std::string name;

    std::function<void(stage&)> act;

    leaks leaves;

    /// What the next test sees where nothing protects: the sections of the fingerprint that
    /// differ, in the order of the alphabet.
    std::string shows;

    /// What an earlier test did to prepare it, if anything. It must leave nothing behind.
    std::function<void(stage&)> earlier = nullptr;

    /// Whether it gets nowhere while another connection holds the database in WAL mode.
    bool needs_to_be_alone = false;

    /// Whether the connections that it leaves open are taken from the database.
    /// The documentation says so.
    bool is_cut_off = false;
};

/// The journal mode of the database that the adversaries meet: some leave something else behind
/// when it is "wal".
[[nodiscard]] const std::string& journal_mode();
void set_journal_mode(const std::string& mode);

// One family a file.
[[nodiscard]] std::vector<adversary> transaction_adversaries();
[[nodiscard]] std::vector<adversary> schema_adversaries();
[[nodiscard]] std::vector<adversary> setting_adversaries();
[[nodiscard]] std::vector<adversary> connection_adversaries();
[[nodiscard]] std::vector<adversary> statement_adversaries();
[[nodiscard]] std::vector<adversary> neighbour_adversaries();
[[nodiscard]] std::vector<adversary> wal_adversaries();
[[nodiscard]] std::vector<adversary> process_adversaries();
[[nodiscard]] std::vector<adversary> hook_adversaries();
[[nodiscard]] std::vector<adversary> attached_database_adversaries();
[[nodiscard]] std::vector<adversary> session_adversaries();
