#include "worker/coverage.hpp"

namespace isolite::workers {

namespace {

coverage_tools& known() {
    static coverage_tools tools{};
    return tools;
}

} // namespace

bool know_coverage(const coverage_tools& tools) {
    known() = tools;
    return true;
}

void forget_coverage() {
    const coverage_tools& tools = known();
    if (tools.reset_gcov) {
        tools.reset_gcov();
    }
    if (tools.reset_llvm) {
        tools.reset_llvm();
    }
}

void write_coverage() {
    const coverage_tools& tools = known();
    if (tools.write_gcov) {
        tools.write_gcov();
    }
    if (tools.write_llvm) {
        static_cast<void>(tools.write_llvm()); // it says itself why it cannot
    }
}

std::string coverage_for_parent() {
    coverage_tools& tools = known();
    if (!tools.size_of_llvm || !tools.copy_llvm || !tools.add_llvm) {
        return "";
    }
    std::string counted(tools.size_of_llvm(), '\0');
    if (tools.copy_llvm(counted.data()) != 0) {
        return "";
    }
    tools.write_llvm = nullptr;
    if (tools.reset_llvm) {
        tools.reset_llvm(); // LLVM itself may write yet
    }
    return counted;
}

void add_coverage(const std::string& counted) {
    if (known().add_llvm) {
        static_cast<void>(known().add_llvm(counted.data(), counted.size()));
    }
}

} // namespace isolite::workers
