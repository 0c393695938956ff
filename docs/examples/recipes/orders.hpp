#pragma once

#include <memory>
#include <string>

// An application that opens its database by path. Each recipe does it with another library.
class orders {
  public:
    explicit orders(const std::string& path); // which it makes where there is none
    ~orders();

    void add(const std::string& note);
    int count();

  private:
    struct connection;
    std::unique_ptr<connection> connection_;
};
