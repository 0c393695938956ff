#pragma once

#include <array>
#include <iostream>
#include <sstream>
#include <string>

namespace isolite::catch2 {

/// What is written to `std::cout`, `std::cerr` and `std::clog` for as long as it lives: version 2
/// catches this in the body of a case, if its reporter wants it, also from listeners.
class caught_output {
  public:
    caught_output()
        : before_{std::cout.rdbuf(out_.rdbuf()), std::cerr.rdbuf(err_.rdbuf()),
                  std::clog.rdbuf(err_.rdbuf())} {}
    ~caught_output() {
        std::cout.rdbuf(before_[0]);
        std::cerr.rdbuf(before_[1]);
        std::clog.rdbuf(before_[2]);
    }
    caught_output(const caught_output&) = delete;
    caught_output& operator=(const caught_output&) = delete;

    [[nodiscard]] std::string out() const { return out_.str(); }
    [[nodiscard]] std::string err() const { return err_.str(); }

  private:
    std::ostringstream out_;
    std::ostringstream err_;
    std::array<std::streambuf*, 3> before_;
};

} // namespace isolite::catch2
