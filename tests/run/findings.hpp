#pragma once

#include <cstdlib>
#include <iostream>
#include <string>

#include <unistd.h>

/// What cases do that only a tool, or a destructor, finds when they have ended. The variable
/// FINDING chooses one; worker_exit_test.py judges.
namespace findings {

inline bool chosen(const std::string& name) {
    const char* const finding = std::getenv("FINDING");
    return finding && finding == name;
}

/// Adds to a number from two threads, which do not wait for each other.
int race();

inline bool leak() {
    static char* volatile kept = nullptr;
    kept = new char[100];
    delete[](chosen("leak") ? nullptr : kept);
    kept = nullptr;
    return true;
}

/// Decides by what nobody has written.
inline bool read_garbage() {
    const auto* const number = static_cast<volatile int*>(std::malloc(sizeof(int)));
    if (chosen("garbage") && *number == 12345) {
        std::cout << "by chance\n";
    }
    std::free(const_cast<int*>(number));
    return true;
}

inline int counted(int number) {
    static volatile int last = 0;
    if (number == 1) {
        last = 1; // counted
    } else {
        last = 2; // counted
    }
    return last;
}

/// Ends the process with a status when it is destroyed, as checkers do.
class checker {
  public:
    checker(const char* finding, int status) : finding_(finding), status_(status) {}
    checker(const checker&) = delete;
    checker& operator=(const checker&) = delete;
    ~checker() {
        if (chosen(finding_) && used_) {
            std::cout << "found by " << finding_ << std::endl;
            const char* const other = std::getenv("STATUS");
            ::_exit(other ? std::atoi(other) : status_);
        }
    }

    bool use() { return used_ = true; }

  private:
    const char* finding_;
    int status_;
    bool used_ = false;
};

/// Made before `main`.
inline checker of_program("global", 5);

inline checker& of_cases() {
    static checker made("static", 3);
    return made;
}

/// A directory that is there as long as the process.
inline bool has_directory() {
    struct directory {
        std::string name = "directory-XXXXXX";
        bool made = ::mkdtemp(name.data()) != nullptr;
        directory() = default;
        directory(const directory&) = delete;
        directory& operator=(const directory&) = delete;
        ~directory() { ::rmdir(name.c_str()); }
    };
    static const directory instance;
    return instance.made;
}

} // namespace findings
