#include "cli/commands.hpp"

#include "cli/diagnosis.hpp"
#include "text/table.hpp"
#include "text/words.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace isolite::cli {

namespace {

constexpr const char* about_the_doctor =
    R"(Looks at versions, memory, the worker, the runtime directory, the cache and the variables, as a test
binary started in the same place would find them. It makes the two directories if they are missing
and locks a file in each for a moment. Exits with 1 if something is wrong.

Examples:
  isolite doctor
  ISOLITE_CACHE=/var/cache/tests isolite doctor
  isolite doctor --json | jq .complaints)";

/// Cuts an ending off a name, if it has it.
bool cut(std::string& name, const std::string& ending) {
    const bool has = name.size() > ending.size() &&
                     name.compare(name.size() - ending.size(), ending.size(), ending) == 0;
    name.resize(name.size() - (has ? ending.size() : 0));
    return has;
}

text::table_row row_of(std::string name, const json_value& value) {
    if (const auto* const flag = std::get_if<bool>(&value)) {
        return {"  " + name, *flag ? "yes" : "no"};
    }
    if (const auto* const text = std::get_if<std::string>(&value)) {
        return {"  " + name, *text};
    }
    const auto* const number = std::get_if<std::int64_t>(&value);
    if (!number) {
        return {"  " + name, "unknown"};
    }
    if (cut(name, "_bytes")) {
        return {"  " + name, text::size_in_words(static_cast<std::uint64_t>(*number))};
    }
    if (cut(name, "_seconds")) {
        return {"  " + name, text::span_in_words(static_cast<std::uint64_t>(*number))};
    }
    return {"  " + name, std::to_string(*number)};
}

void show_in_words(const diagnosis& found) {
    for (const section& section : found.sections) {
        std::vector<text::table_row> rows;
        for (const auto& [name, value] : section.facts) {
            rows.push_back(row_of(name, value));
        }
        std::cout << section.name << (rows.empty() ? ": -\n" : "\n") << text::table_text(rows);
    }
    for (const complaint& complaint : found.complaints) {
        std::cout << "wrong: " << complaint.wrong << "\n  do: " << complaint.remedy << '\n';
    }
    if (found.complaints.empty()) {
        std::cout << "nothing is wrong\n";
    }
}

void show_as_json(const diagnosis& found) {
    json_writer writer;
    json_members members;
    for (const section& section : found.sections) {
        members.emplace_back(section.name, writer.object(section.facts));
    }
    std::vector<json> complaints;
    for (const complaint& complaint : found.complaints) {
        complaints.push_back(writer.object({{"wrong", complaint.wrong}, {"do", complaint.remedy}}));
    }
    members.emplace_back("complaints", writer.array(complaints));
    std::cout << writer.object(members).text << '\n';
}

} // namespace

void add_doctor(CLI::App& app, exit_code& outcome) {
    CLI::App* const doctor = app.add_subcommand("doctor", "Show what isolite finds here");
    doctor->footer(about_the_doctor);
    const auto as_json = std::make_shared<bool>(false);
    doctor->add_flag("--json", *as_json, "print JSON");
    doctor->callback([as_json, &outcome] {
        const diagnosis found = diagnosis::of_process();
        if (*as_json) {
            show_as_json(found);
        } else {
            show_in_words(found);
        }
        outcome = found.complaints.empty() ? exit_code::fine : exit_code::problem;
    });
}

} // namespace isolite::cli
