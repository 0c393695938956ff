#pragma once

#include "files/claims.hpp"
#include "ledger/ledger.hpp"
#include "store/store.hpp"

#include <isolite/error.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3_vfs;

namespace isolite::paths {

/// What became of one claimed database in a scope.
struct file_outcome {
    std::string name;                            ///< The full name of the file.
    std::size_t pages = 0;                       ///< that were touched
    std::vector<store::foreign_work> unfinished; ///< What connections were in the middle of.
    bool cut_off = false; ///< Connections held it in WAL mode, and were taken from it.
};

/// A claimed database as a scope leaves it, beside what the scope found.
struct file_state {
    std::string name;
    std::shared_ptr<const store::image> before;
    std::shared_ptr<const store::image> now;
};

/// The databases that code under test opened by path and that no engine has. In a scope, which is a
/// test or a suite around tests, they change like the databases of engines: what was done to them,
/// and which there are, goes with the scope. What is done outside of all scopes stays.
/// Threads: every function may be called from any thread; scopes begin and end on one.
class claimed_databases {
  public:
    [[nodiscard]] static claimed_databases& of_process();

    /// Makes the claimed file that SQLite opens with these flags, if it can be. What is on the disk
    /// is read by the functions of `disk`. Returns the code that SQLite gets, or SQLITE_NOTFOUND
    /// where the disk has something else there than a file.
    [[nodiscard]] int provide(const std::string& full_name, const origin& from, int flags,
                              sqlite3_vfs& disk);

    /// Notes that a file was refused which no claim covers.
    void refuse(const std::string& full_name);

    /// Says on stderr, once for each, which claimed databases this process had open on the disk
    /// before they were claimed. Costs next to nothing where nobody made a claim since the last
    /// call.
    void warn_of_early_files();

    /// Begins a scope inside of the present one. Returns its number; 0 where the present scope is
    /// of the same test already.
    /// Errors: errc::database while a connection has one of the databases locked for writing.
    [[nodiscard]] result<std::uint64_t> enter(std::string_view test);

    /// What a scope leaves.
    struct departure {
        std::vector<file_outcome> files; ///< Those that were touched or left in use.
        std::vector<std::string> refused;

        /// Returns how many pages were touched.
        [[nodiscard]] std::size_t pages() const;
    };

    /// Ends a scope, and those inside of it, and puts the databases back.
    [[nodiscard]] departure leave(std::uint64_t number);

    /// Returns the databases in which something was written in the innermost scope.
    [[nodiscard]] std::vector<file_state> touched();

  private:
    struct entry {
        std::shared_ptr<store::store> store;
        std::size_t born_in;    // the depth of the scope, 0 outside of all
        std::string claim;      // its name
        std::uint64_t openings; // of the store, before the innermost scope
    };
    struct scope {
        std::uint64_t number;
        std::string test;
        std::vector<std::string> refused;
        records::fixture_span prepared; // what was there
    };

    /// What a scope has used.
    struct used_files {
        std::set<std::string> claims;
        bool were_there = false; ///< Some of them, before it.

        /// Returns the first claim, and how many others there are.
        [[nodiscard]] std::string name() const;
    };

    void add(const std::string& full_name, const std::string& claim,
             std::shared_ptr<const store::image> image);
    [[nodiscard]] bool ready(entry& each, std::size_t depth);
    void leave_innermost(departure& left);
    [[nodiscard]] used_files put_back(departure& left);
    void remove_born_in(std::size_t depth);

    std::mutex mutex_;
    std::multimap<std::string, entry, std::less<>> all_; // the older of one name first
    std::vector<scope> scopes_;
    std::uint64_t entered_ = 0;
    std::uint64_t known_claims_ = 0; // when early files were last looked for
};

/// Returns why a test cannot begin while somebody has a file locked for writing.
[[nodiscard]] error locked_for_writing(std::string_view test, const std::string& file);

} // namespace isolite::paths
