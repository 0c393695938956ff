#pragma once

#include <fstream>
#include <string>

#include <unistd.h>

/// A file in the working directory that goes away with the test.
class text_file {
  public:
    explicit text_file(const std::string& text) { write(text); }
    ~text_file() { ::unlink(path_.c_str()); }
    text_file(const text_file&) = delete;
    text_file& operator=(const text_file&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    void write(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }

  private:
    static std::string unique_path() {
        static int number = 0;
        return "seed_test_" + std::to_string(::getpid()) + "_" + std::to_string(++number) + ".sql";
    }

    std::string path_ = unique_path();
};
