#pragma once

#include "statements.hpp"

#include <vector>

namespace shop {

/// Somebody who buys.
struct customer {
    std::int64_t id;
    std::string email;
    std::string name;
    std::string language_code;
    std::string registered_on; ///< ISO 8601 date
    bool active;               ///< only an active customer can open orders
};

/// What `customers::add` needs.
struct new_customer {
    std::string email;
    std::string name;
    std::string language_code;
    std::string registered_on;
};

/// Keeps the customers.
/// Errors: every change of a customer that is not there says "there is no customer N".
class customers {
  public:
    explicit customers(SQLite::Database& db) : db_(db), sql_(db) {}

    /// Registers an active customer. Ensures: its id.
    /// Errors: "'x' is not an e-mail address", "a customer needs a name",
    /// "there is no language xxx", "the e-mail address x is already registered" (whatever the
    /// case).
    std::int64_t add(const new_customer& added);
    /// Finds a customer by its id.
    std::optional<customer> find(std::int64_t id);
    /// Finds a customer by its id. Errors: "there is no customer N".
    customer get(std::int64_t id);
    /// Finds a customer by its e-mail address, whatever the case.
    std::optional<customer> find_by_email(const std::string& email);
    /// Lists the customers whose name contains `text`, whatever the case, by id.
    std::vector<customer> search(const std::string& text);
    /// Lists the customers of a language, by id.
    std::vector<customer> speaking(const std::string& language_code);
    /// Lists the customers registered between two dates, both included, by date and id.
    std::vector<customer> registered_between(const std::string& from, const std::string& to);
    /// Counts all customers.
    std::int64_t count();
    /// Counts the active customers.
    std::int64_t active_count();

    /// Renames a customer. Errors: "a customer needs a name".
    void rename(std::int64_t id, const std::string& name);
    /// Changes the e-mail address. Errors: as `add`.
    void change_email(std::int64_t id, const std::string& email);
    /// Changes the language. Errors: "there is no language xxx".
    void change_language(std::int64_t id, const std::string& language_code);
    /// Closes or opens a customer's account.
    void set_active(std::int64_t id, bool active);
    /// Removes a customer and its addresses. Errors: "customer N has orders and cannot be removed".
    void remove(std::int64_t id);

  private:
    void check_language(const std::string& code);

    SQLite::Database& db_;
    statements sql_;
};

} // namespace shop
