#pragma once

#include <isolite/error.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace isolite::workers {

/// Looks up variables: those of this process, of another one, or of a test.
class environment {
  public:
    /// Reads the environment of this process anew at every look-up.
    ISOLITE_API static environment of_process();

    /// Holds nothing but `variables`.
    explicit environment(std::map<std::string, std::string> variables);

    /// Returns the value of `name`, which may be empty, or nothing if it is not set.
    [[nodiscard]] std::optional<std::string> find(const std::string& name) const;

  private:
    using look_up = std::function<std::optional<std::string>(const std::string&)>;
    explicit environment(look_up find);

    look_up find_;
};

/// Reads a variable that is `on` or `off`. Returns `otherwise` if it is not set.
/// Errors: `errc::environment` for anything else.
[[nodiscard]] result<bool> read_switch(const environment& variables, const std::string& task,
                                       const std::string& name, bool otherwise);

/// Reads a variable that is `off` or an absolute path. Returns nothing if it is not set.
/// Errors: `errc::environment` for anything else.
[[nodiscard]] result<std::optional<std::string>>
read_place(const environment& variables, const std::string& task, const std::string& name);

/// Builds `errc::environment` for a variable: TASK: NAME is "VALUE", COMPLAINT.
[[nodiscard]] error variable_error(const std::string& task, const std::string& name,
                                   const std::string& value, const std::string& complaint,
                                   std::string hint);

} // namespace isolite::workers
