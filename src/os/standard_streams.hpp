#pragma once

#include "os/descriptor.hpp"
#include "os/file_identity.hpp"

namespace isolite::os {

/// Lets stdin be at its end, and stdout and stderr go nowhere.
void read_nothing() noexcept;
ISOLITE_API void write_nothing() noexcept;

/// Points stdout and stderr to a file, also when somebody has closed or moved them.
void point_output_to(const descriptor& file) noexcept;

/// Points those of stdout and stderr to a file that lead to another one.
void point_output_to(const descriptor& file, const file_identity& instead_of) noexcept;

/// Opens stdin, empty, where it is closed.
void open_closed_input() noexcept;

} // namespace isolite::os
