#pragma once

#include <isolite/engine.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// The scene of one test: the database, and what survives the test the way a static variable does.
struct stage {
    isolite::engine& engine;
    std::vector<std::shared_ptr<void>> outlives;

    /// Runs statements; a failure is an error of the adversary.
    void run(const std::string& sql) const;

    /// Runs statements of which some fail by intention, or where nothing protects.
    void attempt(const std::string& sql) const;

    /// Makes an object that is destroyed only after the next test.
    template <typename Object, typename... Arguments>
    Object& keep(Arguments&&... arguments) {
        auto made = std::make_shared<Object>(std::forward<Arguments>(arguments)...);
        outlives.push_back(made);
        return *made;
    }
};

/// Something a test does that could reach the next one.
struct adversary {
    /// A claim about the test, unique in the suite.
    std::string name;

    std::function<void(stage&)> act;

    /// What isolite says the test left behind, each clause with its "it"; "" where a rollback
    /// undoes everything, so that the test passes.
    std::string leaves;

    /// What the next test sees where nothing protects: the sections of the fingerprint that
    /// differ, in the order of the alphabet.
    std::string shows;

    /// What an earlier test did to prepare it, if anything. It must leave nothing behind.
    std::function<void(stage&)> earlier = nullptr;
};

// One family a file.
[[nodiscard]] std::vector<adversary> transaction_adversaries();
[[nodiscard]] std::vector<adversary> schema_adversaries();
[[nodiscard]] std::vector<adversary> setting_adversaries();
[[nodiscard]] std::vector<adversary> connection_adversaries();
[[nodiscard]] std::vector<adversary> statement_adversaries();
[[nodiscard]] std::vector<adversary> neighbour_adversaries();
