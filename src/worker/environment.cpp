#include "worker/environment.hpp"

#include "worker/file_names.hpp"

#include <cstdlib>
#include <utility>

namespace isolite::workers {

environment environment::of_process() {
    return environment(look_up([](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        if (value == nullptr) {
            return std::nullopt;
        }
        return value;
    }));
}

environment::environment(std::map<std::string, std::string> variables)
    : find_([variables =
                 std::move(variables)](const std::string& name) -> std::optional<std::string> {
          const auto found = variables.find(name);
          if (found == variables.end()) {
              return std::nullopt;
          }
          return found->second;
      }) {}

environment::environment(look_up find) : find_(std::move(find)) {}

std::optional<std::string> environment::find(const std::string& name) const {
    return find_(name);
}

result<bool> read_switch(const environment& variables, const std::string& task,
                         const std::string& name, bool otherwise) {
    const auto text = variables.find(name);
    if (text && *text != "on" && *text != "off") {
        return tl::unexpected(variable_error(task, name, *text, "neither on nor off",
                                             otherwise ? "set it to on (the default) or off"
                                                       : "set it to on or off (the default)"));
    }
    return text ? *text == "on" : otherwise;
}

result<std::optional<std::string>> read_place(const environment& variables, const std::string& task,
                                              const std::string& name) {
    auto text = variables.find(name);
    if (text && *text != "off" && !is_absolute(*text)) {
        return tl::unexpected(variable_error(
            task, name, *text, "neither off nor an absolute path",
            "write a path that begins with /: it must name the same directory in all workers"));
    }
    return text;
}

error variable_error(const std::string& task, const std::string& name, const std::string& value,
                     const std::string& complaint, std::string hint) {
    return {errc::environment, task + ": " + name + " is \"" + value + "\", " + complaint,
            std::move(hint)};
}

} // namespace isolite::workers
