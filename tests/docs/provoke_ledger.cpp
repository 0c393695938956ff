#include "provoke.hpp"

#include "ledger/record_file.hpp"
#include "ledger/run_directory.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

namespace files = std::filesystem;

void print_elsewhere(const std::string& path) {
    print_error(isolite::records::make_run_directory({path}, "a run"));
}

void provoke_directories_of_runs(const std::string& directory) {
    using isolite::workers::environment;
    const std::map<std::string, std::string> relative = {{"ISOLITE_LEDGER", "runs"}};
    print_error(isolite::records::place_of_runs(environment(relative)));
    print_elsewhere("/proc/nowhere");
    std::ofstream(directory + "/no runs").close();
    print_elsewhere(directory + "/no runs");
    files::create_directory(directory + "/open runs");
    ::chmod((directory + "/open runs").c_str(), S_IRWXU | S_IRWXG | S_IRWXO);
    print_elsewhere(directory + "/open runs");
    files::create_directory_symlink(directory, directory + "/runs elsewhere");
    print_elsewhere(directory + "/runs elsewhere");
    if (::geteuid() == 0) { // only root can give a directory away; others find root's
        files::create_directory(directory + "/runs of another");
        static_cast<void>(::chown((directory + "/runs of another").c_str(), 1, 0));
        print_elsewhere(directory + "/runs of another");
    } else {
        print_elsewhere("/usr");
    }
}

/// Says what happens where no byte can be written.
void provoke_a_full_disk(isolite::records::record_file& file) {
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit none{0, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &none);
    const auto kept = file.append("a line\n");
    ::setrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, handler);
    print_error(kept);
}

} // namespace

void provoke_ledger(const std::string& directory) {
    provoke_directories_of_runs(directory);
    print_error(isolite::records::record_file::create("/nowhere", "w0-1"));
    auto file = isolite::records::record_file::create(directory, "w0-1");
    provoke_a_full_disk(*file);
    constexpr std::size_t too_much = (std::size_t(64) << 20) + 1;
    print_error(file->append(std::string(too_much, '\n')));
    files::remove(file->path());
    print_error(file->append("a line\n"));
}
