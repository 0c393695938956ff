#pragma once

#include "os/descriptor.hpp"

namespace isolite::os {

/// Points stdout and stderr to a file, also when somebody has closed or moved them.
void point_output_to(const descriptor& file) noexcept;

/// Opens stdin, empty, where it is closed.
void open_closed_input() noexcept;

} // namespace isolite::os
