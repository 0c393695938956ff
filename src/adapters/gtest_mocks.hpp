#pragma once

/// GMock, which is no part of GoogleTest, and of this library only where the program has it.
namespace isolite::googletest {

/// Looks for GMock before workers are forked, and warns if they will not notice the mocks that
/// tests leave: the program is stripped.
void find_mocks();

/// Lets this worker end as a process does in which mocks are left, with GMock's own words and its
/// status. GMock says so at the exit, by an object of the parent's, which workers do not destroy.
/// What was mocked before the fork is left to the parent.
/// Requires: `find_mocks` was called.
void say_left_mocks_at_exit();

} // namespace isolite::googletest
