// A doctest program that cannot list its test cases: no process that it forks lives.

#include <isolite/doctest.hpp>
#include <isolite/doctest_main.hpp>

#include <cstdlib>

#include <pthread.h>
#include <unistd.h>

namespace {

const int registered = ::pthread_atfork(nullptr, nullptr, [] { ::_exit(EXIT_FAILURE); });

} // namespace

TEST_CASE("never begun") {}
