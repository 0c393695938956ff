#include "files/real_files.hpp"

#include "ledger/ledger.hpp"
#include "text/file_names.hpp"

#include <algorithm>

namespace isolite::paths {

result<std::string> real_files::path_of(const std::string& database, std::uint64_t session) {
    const bool is_first = session_ != session;
    if (is_first || !find(database)) {
        const records::fixture_clock making;
        auto made = is_first ? put_right() : result<void>();
        if (made && !find(database)) {
            made = make_file(database);
        }
        if (!made) {
            drop();
            return tl::unexpected(made.error());
        }
        directory_->note();
        making.enter(records::fixture_kind::real_file_made, {database});
    }
    session_ = session;
    return directory_->path() + "/" + find(database)->file.name();
}

void real_files::drop() noexcept {
    files_.clear();
    directory_.reset();
    session_.reset();
}

result<void> real_files::put_right() {
    return keep_directory().map([this](bool kept) {
        if (!kept) {
            drop();
        }
    });
}

result<bool> real_files::keep_directory() {
    if (!directory_ || !directory_->is_there() || !directory_->put_right(names())) {
        return false;
    }
    for (named_file& each : files_) {
        auto kept = each.file.put_right(*directory_, content_of_(each.database));
        if (!kept || !*kept) {
            return kept;
        }
    }
    return true;
}

result<void> real_files::make_file(const std::string& database) {
    store::file_content content = content_of_(database);
    if (!directory_) {
        auto made = real_directory::make(content.size);
        if (!made) {
            return tl::unexpected(made.error());
        }
        directory_.emplace(std::move(*made));
    }
    real_file file(name_for(database));
    return file.make(*directory_, std::move(content)).map([&] {
        files_.push_back({database, std::move(file)});
    });
}

const real_files::named_file* real_files::find(const std::string& database) const noexcept {
    const auto found = std::find_if(files_.begin(), files_.end(), [&](const named_file& each) {
        return each.database == database;
    });
    return found == files_.end() ? nullptr : &*found;
}

std::string real_files::name_for(const std::string& database) const {
    constexpr std::size_t longest = 100;
    const std::string stem = text::file_name(database, longest, "_.");
    const std::vector<std::string> taken = names();
    std::string name = stem + ".db";
    for (int number = 2; std::find(taken.begin(), taken.end(), name) != taken.end(); ++number) {
        name = stem + "-" + std::to_string(number) + ".db";
    }
    return name;
}

std::vector<std::string> real_files::names() const {
    std::vector<std::string> all;
    for (const named_file& each : files_) {
        all.push_back(each.file.name());
    }
    return all;
}

} // namespace isolite::paths
