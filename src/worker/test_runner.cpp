#include "worker/test_runner.hpp"

namespace isolite::workers {
namespace {

std::string base_name(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

bool is_meson(const std::string& argument) {
    const std::string name = base_name(argument);
    // The last two: python3 .../mesonbuild/mesonmain.py and python3 -m mesonbuild.mesonmain.
    return name == "meson" || name == "meson.py" || name == "mesonmain.py" ||
           name == "mesonbuild.mesonmain";
}

} // namespace

std::optional<std::string> test_runner_kind(const std::vector<std::string>& arguments) {
    if (!arguments.empty() && base_name(arguments[0]) == "ctest") {
        return "ctest";
    }
    // Meson is a Python script, so that it is rarely the first argument; its command always comes
    // right after it, otherwise `meson setup test` would look like a run of tests.
    for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
        if (is_meson(arguments[i]) && arguments[i + 1] == "test") {
            return "meson";
        }
    }
    return std::nullopt;
}

std::optional<test_runner> find_test_runner(const std::vector<os::process>& ancestors) {
    for (const os::process& ancestor : ancestors) {
        if (const auto kind = test_runner_kind(ancestor.arguments)) {
            return test_runner{*kind + "-" + ancestor.identity(),
                               environment(os::environment_of(ancestor.pid))};
        }
    }
    return std::nullopt;
}

} // namespace isolite::workers
