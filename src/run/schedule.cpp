#include "run/schedule.hpp"

#include "run/run_files.hpp"
#include "text/spelling.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <string>

namespace isolite::run {

using results::test_case;

namespace {

using std::chrono::nanoseconds;

/// Joins the cases that share a resource, also by way of other cases.
class groups {
  public:
    explicit groups(std::size_t cases) : parent_(cases) {
        std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    }

    [[nodiscard]] std::size_t leader(std::size_t position) {
        while (parent_[position] != position) {
            position = parent_[position] = parent_[parent_[position]];
        }
        return position;
    }

    void join(std::size_t one, std::size_t other) { parent_[leader(one)] = leader(other); }

  private:
    std::vector<std::size_t> parent_;
};

void number_groups(const std::vector<test_case>& cases, schedule& made) {
    groups joined(cases.size());
    std::map<std::string, std::size_t> first_with;
    for (std::size_t position = 0; position < cases.size(); ++position) {
        for (const std::string& resource : cases[position].resources) {
            joined.join(position, first_with.emplace(resource, position).first->second);
        }
    }
    made.group_of.assign(cases.size(), run_files::no_group);
    std::map<std::size_t, std::size_t> numbers;
    for (std::size_t position = 0; position < cases.size(); ++position) {
        if (!cases[position].resources.empty()) {
            made.group_of[position] =
                numbers.emplace(joined.leader(position), numbers.size()).first->second;
        }
    }
    made.groups = numbers.size();
}

/// Returns how long each case keeps a worker: its own time, or that of its whole group, which ends
/// no earlier.
std::vector<nanoseconds> weights(const std::vector<std::size_t>& chosen,
                                 const std::vector<nanoseconds>& expected, const schedule& made) {
    nanoseconds known{0};
    nanoseconds::rep count = 0;
    for (const std::size_t position : chosen) {
        known += expected[position];
        count += expected[position].count() > 0 ? 1 : 0;
    }
    const nanoseconds average = count == 0 ? known : known / count;
    std::vector<nanoseconds> weights(expected.size());
    std::vector<nanoseconds> of_groups(made.groups);
    for (const std::size_t position : chosen) {
        weights[position] = expected[position].count() > 0 ? expected[position] : average;
        if (made.group_of[position] != run_files::no_group) {
            of_groups[made.group_of[position]] += weights[position];
        }
    }
    for (const std::size_t position : chosen) {
        if (made.group_of[position] != run_files::no_group) {
            weights[position] = of_groups[made.group_of[position]];
        }
    }
    return weights;
}

/// Returns what to write instead of a name that no case has.
std::string hint_for(const std::vector<test_case>& cases, const std::string& name) {
    std::size_t least = name.size() / 3 + 1; // or it is another word
    std::string best;
    for (const test_case& each : cases) {
        if (const std::size_t differs = text::letters_between(each.name, name); differs < least) {
            least = differs;
            best = each.name;
        }
    }
    return best.empty() ? "write the names as --junit or isolite report show them"
                        : "did you mean " + best + "?";
}

} // namespace

schedule schedule_of(const std::vector<test_case>& cases, const std::vector<std::size_t>& chosen,
                     const std::vector<nanoseconds>& expected, std::optional<std::uint64_t> seed) {
    schedule made;
    number_groups(cases, made);
    std::vector<std::size_t> order = chosen;
    if (seed) {
        // The standard leaves std::shuffle's choices open; a seed is to mean the same everywhere.
        std::mt19937_64 dice(*seed);
        for (std::size_t left = order.size(); left > 1; --left) {
            std::swap(order[left - 1], order[dice() % left]);
        }
    } else {
        const auto weight = weights(chosen, expected, made);
        std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
            return weight[one] > weight[other];
        });
    }
    for (const std::size_t position : order) {
        (cases[position].serial ? made.alone : made.beside_others).push_back(position);
    }
    return made;
}

result<std::vector<std::size_t>> positions_of(const std::vector<test_case>& cases,
                                              const std::vector<std::string>& names) {
    std::vector<std::size_t> positions;
    for (const std::string& name : names) {
        const std::size_t before = positions.size();
        for (std::size_t position = 0; position < cases.size(); ++position) {
            if (cases[position].name == name) {
                positions.push_back(position);
            }
        }
        if (positions.size() == before) {
            return tl::unexpected(error{errc::usage,
                                        "run cases in an order: no case is called '" + name + "'",
                                        hint_for(cases, name)});
        }
    }
    return positions;
}

} // namespace isolite::run
