#pragma once

#include "results/test_case.hpp"
#include "run/options.hpp"
#include "run/run_files.hpp"
#include "run/schedule.hpp"

#include <isolite/error.hpp>

#include <cstddef>
#include <memory>
#include <vector>

/// What has to be done before a process forks workers.
namespace isolite::run {

/// Errors: errc::usage when a connection would have to cross the fork.
[[nodiscard]] result<void> check_that_forking_is_safe();

/// Gets the images of all databases. A seed that ends this process must not look like a run in
/// which all is well. Returns how many databases there are.
std::size_t prepare_engines();

/// Threads are not copied by a fork, but what they have locked is.
void warn_of_threads();

/// Makes what a parent and so many workers share. Errors: errc::system.
[[nodiscard]] result<std::shared_ptr<run_files>>
files_for(const std::vector<results::test_case>& cases, std::size_t workers,
          const schedule& schedule, const options& options);

} // namespace isolite::run
