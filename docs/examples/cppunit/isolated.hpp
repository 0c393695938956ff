#pragma once

#include <isolite/suite.hpp>

#include <cppunit/TestFixture.h>

#include <optional>

/// The suite as which isolite sees the tests of this program.
isolite::suite& all_tests();

/// The database of the test that is running.
std::optional<isolite::fixture>& open_database();

/// A fixture of CppUnit: each of its tests gets the database of `Database` pristine.
template <typename Database, isolite::mode Mode = isolite::mode_of<Database>>
class isolated : public CppUnit::TestFixture {
  public:
    void setUp() override {
        open_database().emplace(all_tests().adapter(), isolite::worker_database_of<Database>(),
                                Mode);
    }
    void tearDown() override { open_database().reset(); }

  protected:
    [[nodiscard]] static isolite::fixture& test() { return *open_database(); }
};
