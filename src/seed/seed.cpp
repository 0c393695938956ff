#include <isolite/seed.hpp>

#include <algorithm>
#include <utility>

namespace isolite {

seed::seed(std::string name) : name_(std::move(name)) {}

seed& seed::sql_file(std::string path) {
    parts_.push_back({part::kind::sql_file, std::move(path), {}, {}, {}});
    return *this;
}

seed& seed::sql(std::string text) {
    const auto earlier = std::count_if(parts_.begin(), parts_.end(), [](const part& other) {
        return other.what == part::kind::sql_text;
    });
    parts_.push_back(
        {part::kind::sql_text, "SQL text " + std::to_string(earlier + 1), std::move(text), {}, {}});
    return *this;
}

seed& seed::step(std::string name, std::string version, step_function write) {
    parts_.push_back({part::kind::step, std::move(name), {}, std::move(version), std::move(write)});
    return *this;
}

seed& seed::step(std::string name, across_builds version, step_function write) {
    step(std::move(name), std::move(version.version), std::move(write));
    parts_.back().holds_across_builds = true;
    return *this;
}

seed& seed::step(std::string name, step_function write) {
    return step(std::move(name), std::string(), std::move(write));
}

seed& seed::path_step(std::string name, std::string version, path_function open) {
    step(std::move(name), std::move(version), nullptr);
    parts_.back().open_by_path = std::move(open);
    return *this;
}

seed& seed::path_step(std::string name, across_builds version, path_function open) {
    path_step(std::move(name), std::move(version.version), std::move(open));
    parts_.back().holds_across_builds = true;
    return *this;
}

seed& seed::path_step(std::string name, path_function open) {
    return path_step(std::move(name), std::string(), std::move(open));
}

seed& seed::strict_connections() noexcept {
    strict_connections_ = true;
    return *this;
}

seed& seed::attach(std::string schema, seed database) {
    attachments_.push_back({std::move(schema), std::move(database)});
    return *this;
}

seed& seed::file(std::string pattern) {
    files_.push_back(std::move(pattern));
    return *this;
}

seed& seed::on_connect(step_function prepare) {
    connection_steps_.push_back(std::move(prepare));
    return *this;
}

} // namespace isolite
