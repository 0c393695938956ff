#pragma once

#include "geography.hpp"
#include "statements.hpp"

#include <vector>

namespace shop {

/// A place to send goods to.
struct address {
    std::int64_t id;
    std::int64_t customer_id;
    std::string line;
    std::string city;
    std::string postal_code;
    std::string country_code;
    std::optional<std::string> subdivision_code;
    bool is_default; ///< at most one per customer
};

/// The part of an address that its owner writes.
struct new_address {
    std::string line;
    std::string city;
    std::string postal_code;
    std::string country_code;
    std::optional<std::string> subdivision_code = std::nullopt;
};

/// Keeps the addresses of customers. The first one becomes the default; after that a customer with
/// addresses always has a default.
/// Errors: every call that takes an id of an address that is not there says
/// "there is no address N".
class addresses {
  public:
    explicit addresses(SQLite::Database& db) : db_(db), sql_(db), geography_(db) {}

    /// Adds an address. Ensures: its id.
    /// Errors: "there is no customer N", "an address needs a line",
    /// and those of `geography::check_place`.
    std::int64_t add(std::int64_t customer_id, const new_address& added);
    /// Finds an address by its id.
    std::optional<address> find(std::int64_t id);
    /// Finds an address by its id. Errors: "there is no address N".
    address get(std::int64_t id);
    /// Lists the addresses of a customer, by id.
    std::vector<address> of_customer(std::int64_t customer_id);
    /// Finds the default address of a customer.
    std::optional<address> default_of(std::int64_t customer_id);
    /// Counts the addresses in a country.
    std::int64_t count_in(const std::string& country_code);
    /// Counts all addresses.
    std::int64_t count();

    /// Makes an address the default one of its customer.
    void make_default(std::int64_t id);
    /// Writes an address anew. Errors: as `add`.
    void change(std::int64_t id, const new_address& changed);
    /// Removes an address; when it was the default, the oldest other one becomes it.
    /// Errors: "address N is used by orders and cannot be removed".
    void remove(std::int64_t id);

  private:
    void check(const new_address& written);

    SQLite::Database& db_;
    statements sql_;
    geography geography_;
};

} // namespace shop
