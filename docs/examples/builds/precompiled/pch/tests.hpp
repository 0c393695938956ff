// What the test files include of others: nothing of the project, which changes more often.
#include <gtest/gtest.h>
#include <isolite/files.hpp>
#include <isolite/gtest.hpp>
#include <isolite/timed_fixture.hpp>
#include <isolite/worker.hpp>

#include <string>
#include <vector>
