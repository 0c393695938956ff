// Makes the report's page of the JSON that it reads, so that a browser can be tried on it.

#include "report/page.hpp"

#include <iostream>
#include <iterator>
#include <string>

int main() {
    const std::string json(std::istreambuf_iterator<char>(std::cin), {});
    std::cout << isolite::report::page_with(json);
    return std::cout.flush() ? 0 : 1;
}
