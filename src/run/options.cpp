#include "run/options.hpp"

#include "run/command_line.hpp"

namespace isolite::run {

result<options> chosen_options(const detail::environment& variables) {
    return combine(taken_of_process(), variables);
}

} // namespace isolite::run
