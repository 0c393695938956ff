#pragma once

#include "ledger/ledger.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace isolite::records::tests {

/// What the ledger of the process gets while this lives.
class bill {
  public:
    /// Returns a line for each fixture. Names of files are without the working directory.
    [[nodiscard]] std::string text() const {
        std::string all;
        for (const billed_fixture& each : fixtures()) {
            const std::size_t count = each.figures.count - count_in(before_, each);
            all += count > 0 ? line(each, count) : "";
        }
        return all;
    }

  private:
    static std::vector<billed_fixture> fixtures() {
        return ledger::of_process().account().fixtures();
    }

    static std::size_t count_in(const std::vector<billed_fixture>& all, const billed_fixture& one) {
        const auto found = std::find_if(all.begin(), all.end(), [&](const billed_fixture& each) {
            return each.kind == one.kind && each.name == one.name;
        });
        return found == all.end() ? 0 : found->figures.count;
    }

    static std::string line(const billed_fixture& each, std::size_t count) {
        std::string name = each.name;
        const std::string place = std::filesystem::current_path().string() + "/";
        if (name.compare(0, place.size(), place) == 0) {
            name.erase(0, place.size());
        }
        return std::to_string(count) + " " + name_of(each.kind) + " (" + name + ")\n";
    }

    std::vector<billed_fixture> before_ = fixtures();
};

} // namespace isolite::records::tests
