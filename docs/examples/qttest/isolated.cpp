#include "isolated.hpp"

#include <QCoreApplication>
#include <QMetaMethod>
#include <QTemporaryFile>
#include <QXmlStreamReader>
#include <QtTest>

#include <cstdio>
#include <exception>
#include <set>
#include <stdexcept>
#include <string>

namespace {

// [framework]
/// What a database asks of QtTest: it knows of failures before isolite does, and of rows.
class qt_framework final : public isolite::framework {
  public:
    explicit qt_framework(isolite::framework& suite) : suite_(suite) {}

    [[nodiscard]] std::string current_test() const override {
        const char* const row = QTest::currentDataTag();
        return suite_.current_test() + (row != nullptr ? std::string(":") + row : "");
    }
    [[nodiscard]] std::optional<isolite::mode> chosen_mode() const override {
        return suite_.chosen_mode();
    }
    [[nodiscard]] bool failing() const override {
        return suite_.failing() || QTest::currentTestFailed();
    }
    void fail(const std::string& message) noexcept override { suite_.fail(message); }
    void note(const std::string& message) noexcept override { suite_.note(message); }

  private:
    isolite::framework& suite_;
};
// [/framework]

/// Returns whether QtTest would run a method as a test.
bool is_test(const QMetaMethod& method) {
    static const std::set<QByteArray> others{"initTestCase", "cleanupTestCase", "init", "cleanup"};
    return method.methodType() == QMetaMethod::Slot && method.access() == QMetaMethod::Private &&
           method.parameterCount() == 0 && method.returnType() == QMetaType::Void &&
           !method.name().endsWith("_data") && others.count(method.name()) == 0;
}

/// Tells isolite what QtTest has written of one test function.
void tell(isolite::suite& suite, QIODevice& log) {
    QXmlStreamReader xml(&log);
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement) {
            continue;
        }
        const bool is_message = xml.name() == QLatin1String("Message");
        if (!is_message && xml.name() != QLatin1String("Incident")) {
            continue;
        }
        const QXmlStreamAttributes about = xml.attributes();
        const QString type = about.value("type").toString();
        QString row;
        QString text;
        while (xml.readNextStartElement()) {
            (xml.name() == QLatin1String("DataTag") ? row : text) = xml.readElementText();
        }
        const std::string said = (row.isEmpty() ? text : row + ": " + text).toStdString();
        if (type == "fail" || type == "xpass") {
            suite.fail((about.value("file") + ":" + about.value("line") + ": ").toStdString() +
                       said);
        } else if (type == "skip") {
            suite.skip(said);
        } else if (is_message) { // of qDebug and its kin
            std::fprintf(stderr, "%s\n", said.c_str());
        }
    }
    if (xml.hasError()) {
        suite.fail("QtTest's log cannot be read: " + xml.errorString().toStdString());
    }
}

} // namespace

void isolated::add(isolite::suite& suite, isolated& object) {
    const QMetaObject& type = *object.metaObject();
    for (int index = 0; index < type.methodCount(); ++index) {
        if (const QMetaMethod method = type.method(index); is_test(method)) {
            const QString function = method.name();
            suite.add(type.className() + ("/" + function).toStdString(),
                      [&suite, &object, function] { object.run(suite, function); });
        }
    }
}

// [run]
void isolated::run(isolite::suite& suite, const QString& function) {
    // Made in the process that runs tests, because what it opens cannot cross a fork.
    static int count = 1;
    static char name[] = "test";
    static char* words[] = {name, nullptr};
    static const QCoreApplication application(count, words);

    QTemporaryFile log;
    if (!log.open()) {
        throw std::runtime_error("cannot keep QtTest's log: " + log.errorString().toStdString());
    }
    qt_framework framework(suite.adapter());
    framework_ = &framework;
    std::exception_ptr thrown; // by the test; QtTest has logged it, and called no cleanup
    try {
        QTest::qExec(this, {name, function, "-nocrashhandler", "-o", log.fileName() + ",xml"});
    } catch (...) {
        thrown = std::current_exception();
    }
    database_.reset();
    tell(suite, log);
    if (thrown) {
        std::rethrow_exception(thrown);
    }
}
// [/run]
