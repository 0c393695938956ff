#include "findings.hpp"

#include <thread>

namespace findings {

int race() {
    int number = 0;
    const auto add = [&number] { number += 1; };
    if (chosen("race")) {
        std::thread one(add);
        std::thread other(add);
        one.join();
        other.join();
    }
    return number;
}

} // namespace findings
