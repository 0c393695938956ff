#include "ledger/record_file.hpp"

#include "os/lock_file.hpp"

#include <cerrno>
#include <utility>

namespace isolite::records {

namespace {

constexpr os::purpose keeping_records = {"keep records of what fixtures cost", "ISOLITE_LEDGER"};
constexpr std::size_t largest_file = std::size_t(64) << 20;

} // namespace

result<record_file> record_file::create(const std::string& directory, const std::string& stem) {
    for (unsigned number = 1;; ++number) {
        const std::string suffix = number == 1 ? "" : "-" + std::to_string(number);
        const std::string path = directory + "/" + stem + suffix + ".jsonl";
        if (auto made = os::growing_file::make(path)) {
            return record_file(*std::move(made));
        }
        if (errno != EEXIST) {
            return tl::unexpected(os::system_error(keeping_records, "making " + path, errno));
        }
    }
}

result<void> record_file::append(std::string_view line) {
    if (file_.size() + line.size() > largest_file) {
        return tl::unexpected(
            error{errc::system, std::string(keeping_records.task) + ": " + path() + " has 64 MiB",
                  "nothing is wrong with the tests; what follows is not in "
                  "`isolite report`"});
    }
    if (const auto failed = file_.reserve(line.size(), largest_file)) {
        return tl::unexpected(os::system_error(
            keeping_records, std::string(failed->what) + " " + path(), failed->code));
    }
    file_.append(line);
    return {};
}

} // namespace isolite::records
