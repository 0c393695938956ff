#include "verify/experiment.hpp"

#include <algorithm>

namespace isolite::verify {

std::vector<std::size_t> experiment::before(std::size_t position) const {
    return {order.begin(), std::find(order.begin(), order.end(), position)};
}

} // namespace isolite::verify
