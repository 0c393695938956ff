#pragma once

#include <isolite/suite.hpp>

#include <QObject>

#include <memory>

/// A test object whose test functions, and rows of data, get a database pristine. Derive from it,
/// say in `open` which one, and call `init` and `cleanup` where you write your own.
class isolated : public QObject {
    Q_OBJECT

  public:
    /// Adds the test functions of an object to a suite. What `open` opens is closed with it.
    static void add(isolite::suite& suite, isolated& object);

  protected slots:
    void init() { database_ = open(); }
    void cleanup() { database_.reset(); }

  protected:
    using database = std::unique_ptr<isolite::fixture>;

    /// Opens the database of each test.
    virtual database open() = 0;

    template <typename Database>
    database open(isolite::mode mode = isolite::mode_of<Database>) {
        return std::make_unique<isolite::fixture>(*framework_,
                                                  isolite::worker_database_of<Database>(), mode);
    }

    [[nodiscard]] isolite::fixture& test() { return *database_; }

  private:
    void run(isolite::suite& suite, const QString& function);

    isolite::framework* framework_ = nullptr;
    database database_;
};
