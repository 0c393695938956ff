#include "isolated.hpp"

#include <cppunit/Exception.h>
#include <cppunit/Test.h>
#include <cppunit/TestFailure.h>
#include <cppunit/TestListener.h>
#include <cppunit/TestResult.h>
#include <cppunit/extensions/TestFactoryRegistry.h>

#include <memory>
#include <string>

isolite::suite& all_tests() {
    static isolite::suite suite;
    return suite;
}

std::optional<isolite::fixture>& open_database() {
    static std::optional<isolite::fixture> database;
    return database;
}

namespace {

// [run]
/// Tells isolite what CppUnit says of failures, before the test's tearDown.
class failures final : public CppUnit::TestListener {
    void addFailure(const CppUnit::TestFailure& failure) override {
        const CppUnit::SourceLine at = failure.sourceLine();
        const CppUnit::Message message = failure.thrownException()->message();
        std::string text;
        if (at.isValid()) {
            text = at.fileName() + ":" + std::to_string(at.lineNumber()) + ": ";
        }
        text += message.shortDescription() + "\n" + message.details();
        text.erase(text.find_last_not_of('\n') + 1);
        all_tests().fail(text);
    }
};

void run(CppUnit::Test& test) {
    CppUnit::TestResult result;
    failures listener;
    result.addListener(&listener);
    test.run(&result);
    open_database().reset(); // a tearDown that threw has left it
}

/// Adds a test, or all that are in it. `Orders::areStored` is called `Orders/areStored`.
void add(CppUnit::Test& test) {
    const int children = test.getChildTestCount();
    for (int index = 0; index < children; ++index) {
        add(*test.getChildTestAt(index));
    }
    if (children == 0 && test.countTestCases() > 0) {
        std::string name = test.getName();
        if (const std::size_t at = name.rfind("::"); at != std::string::npos) {
            name.replace(at, 2, "/");
        }
        all_tests().add(name, [&test] { run(test); });
    }
}

// [/run]

} // namespace

// [main]
int main(int argc, char** argv) {
    const std::unique_ptr<CppUnit::Test> registered(
        CppUnit::TestFactoryRegistry::getRegistry().makeTest());
    add(*registered);
    return all_tests().run(argc, argv);
}
// [/main]
