#pragma once

#include <isolite/visibility.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace isolite {

namespace records {
class fixture_clock;
}

/// Enters a fixture of your own in the ledger: the time from here to the end of the block, by this
/// name. The summary at the end of the run and `isolite report` show it beside isolite's fixtures,
/// and it is not billed to the test that happens to need it first.
/// Threads: any; one that is made while another one of its thread lives is a part of that one.
/// Example: `isolite::timed_fixture timed("fill the search index");`
class ISOLITE_API timed_fixture {
  public:
    explicit timed_fixture(std::string_view name);
    ~timed_fixture();
    timed_fixture(const timed_fixture&) = delete;
    timed_fixture& operator=(const timed_fixture&) = delete;

  private:
    std::string name_;
    std::unique_ptr<records::fixture_clock> clock_;
};

} // namespace isolite
