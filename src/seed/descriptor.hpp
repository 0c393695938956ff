#pragma once

#include "worker/descriptor.hpp"

namespace isolite {

using detail::descriptor;

} // namespace isolite
