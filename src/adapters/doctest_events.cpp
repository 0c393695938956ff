#include "adapters/doctest_events.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <memory>
#include <set>
#include <sstream>

namespace isolite::doc_test {

namespace {

using fields = std::vector<std::string>;

std::string text(const doctest::String& string) {
    return {string.c_str(), string.size()};
}

doctest::String string(const std::string& text) {
    return {text.c_str(), static_cast<doctest::String::size_type>(text.size())};
}

std::string text(const char* string) {
    return string ? string : "";
}

/// Adds what INFO and CAPTURE said.
void add_contexts(fields& said) {
    const auto* const* const scopes = doctest::IReporter::get_active_contexts();
    for (int i = 0; i < doctest::IReporter::get_num_active_contexts(); ++i) {
        std::ostringstream stream;
        scopes[i]->stringify(&stream);
        said.push_back(stream.str());
    }
}

/// One text that INFO or CAPTURE said.
class said_context final : public doctest::detail::ContextScopeBase {
  public:
    explicit said_context(const std::string& text) : text_(text) {}
    ~said_context() override { destroy(); }
    said_context(const said_context&) = delete;
    said_context& operator=(const said_context&) = delete;

    void stringify(std::ostream* stream) const override { *stream << text_; }

  private:
    const std::string& text_;
};

/// The texts of a context, from `first` on, for as long as it lives.
class context {
  public:
    context(const fields& said, std::size_t first) {
        for (std::size_t i = first; i < said.size(); ++i) {
            texts_.push_back(std::make_unique<said_context>(said[i]));
        }
    }
    ~context() {
        while (!texts_.empty()) {
            texts_.pop_back(); // the innermost goes first
        }
    }
    context(const context&) = delete;
    context& operator=(const context&) = delete;

  private:
    std::vector<std::unique_ptr<said_context>> texts_;
};

constexpr std::size_t assert_contexts = 11;
constexpr std::size_t message_contexts = 4;
constexpr std::size_t exception_contexts = 1;

/// `standing` is the number of texts of the context that stand already.
void say_assert(const fields& said, std::size_t standing) {
    using doctest::assertType::Enum;
    const auto kind = static_cast<Enum>(std::stoi(said[0]));
    doctest::detail::ResultBuilder result(kind, said[1].c_str(), std::stoi(said[2]),
                                          said[3].c_str(), said[8].c_str(), string(said[9]));
    result.m_failed = said[4] == "1";
    result.m_threw = said[5] == "1";
    result.m_exception = string(said[6]);
    result.m_decomp = string(said[7]);
    result.m_threw_as = said[10] == "1";
    const context texts(said, assert_contexts + standing);
    static_cast<void>(result.log());
    result.react(); // throws what ends the case
}

void say_message(const fields& said, std::size_t standing) {
    const auto severity = static_cast<doctest::assertType::Enum>(std::stoi(said[2]));
    const context texts(said, message_contexts + standing);
    doctest::detail::MessageBuilder message(said[0].c_str(), std::stoi(said[1]), severity);
    message* said[3];
    static_cast<void>(message.log());
    message.react();
}

/// doctest cannot tell what an exception is while it passes a subcase: the real text comes later.
const run::event& last_exception(const std::vector<run::event>& events, std::size_t from) {
    const run::event* last = &events[from];
    for (std::size_t i = from; i < events.size() && events[i].kind != reenter_event; ++i) {
        if (events[i].kind == exception_event) {
            last = &events[i];
        }
    }
    return *last;
}

/// Returns the place behind the end of the subcase whose inside begins at `from`.
std::size_t end_of_subcase(const std::vector<run::event>& events, std::size_t from) {
    for (std::size_t depth = 1; from < events.size() && events[from].kind != reenter_event;) {
        const auto kind = events[from++].kind;
        depth += kind == subcase_start_event ? 1 : 0;
        depth -= kind == subcase_end_event ? 1 : 0;
        if (depth == 0) {
            return from;
        }
    }
    return from;
}

/// The subcases that a pass enters, from the outermost to the leaf.
std::vector<const fields*> path_of(const std::vector<run::event>& events, std::size_t from) {
    std::vector<const fields*> path;
    for (std::size_t i = from; i < events.size() && events[i].kind != reenter_event &&
                               events[i].kind != subcase_end_event;
         ++i) {
        if (events[i].kind == subcase_start_event) {
            path.push_back(&events[i].fields);
        }
    }
    return path;
}

std::size_t beginning_of_next_pass(const std::vector<run::event>& events, std::size_t from) {
    while (from < events.size() && events[from].kind != reenter_event) {
        ++from;
    }
    return std::min(from + 1, events.size());
}

/// One pass through a case.
class pass {
  public:
    pass(const std::vector<run::event>& events, std::size_t begin)
        : events_(events), at_(begin), end_(beginning_of_next_pass(events, begin)),
          path_(path_of(events, begin)), next_path_(path_of(events, end_)) {}

    [[nodiscard]] std::size_t end() const { return end_; }

    void say() {
        // What destructors say is said while the exception passes, as they did: doctest remembers
        // their contexts then.
        const destructors later(*this);
        say_level(0);
    }

  private:
    class destructors {
      public:
        explicit destructors(pass& said) : said_(said) {}
        ~destructors() {
            if (std::uncaught_exceptions() > 0 && said_.ended_as_recorded()) {
                said_.say_destructors();
            }
        }
        destructors(const destructors&) = delete;
        destructors& operator=(const destructors&) = delete;

      private:
        pass& said_;
    };

    /// Says whether the pass threw here what it threw in the worker. Otherwise `--abort-after`
    /// ended it, which workers do not heed.
    [[nodiscard]] bool ended_as_recorded() const {
        const run::event& last = events_[at_ - 1];
        if (last.kind == exception_event) {
            return true;
        }
        const std::string& kind = last.fields[last.kind == message_event ? 2 : 0];
        return (std::stoi(kind) & doctest::assertType::is_require) != 0;
    }

    void say_destructors() {
        while (at_ < end_) {
            const run::event& event = events_[at_++];
            if (event.kind == passed_event || event.kind == assert_event ||
                event.kind == message_event) {
                try {
                    say_event(event);
                } catch (const doctest::detail::TestFailureException&) {
                    return; // `--abort-after` ends the case, which is ending anyway
                }
            }
        }
    }

    /// Says what happened inside of `depth` subcases.
    void say_level(std::size_t depth) {
        while (at_ < end_) {
            const run::event& event = events_[at_++];
            switch (event.kind) {
            case subcase_start_event:
                say_subcase(event.fields, depth);
                meet_next(depth);
                break;
            case subcase_end_event:
                return;
            default:
                say_event(event);
                break;
            }
        }
    }

    /// Returns the texts of the context around the subcase whose inside begins at `from`, if an
    /// exception leaves it: doctest remembers them only afterwards, so that they stand in the last
    /// event of the exception, in front of those that the first one has.
    [[nodiscard]] fields texts_around(std::size_t from) const {
        const std::size_t end = end_of_subcase(events_, from);
        std::size_t later = end;
        while (later < end_ && events_[later].kind == subcase_end_event) {
            ++later;
        }
        if (end < 2 || later >= end_ || events_[end - 2].kind != exception_event ||
            events_[later].kind != exception_event) {
            return {};
        }
        const fields& all = events_[later].fields;
        const std::size_t inside = events_[end - 2].fields.size() - exception_contexts;
        const std::size_t around = all.size() - std::min(all.size() - exception_contexts, inside);
        return {all.begin() + exception_contexts,
                all.begin() + static_cast<std::ptrdiff_t>(around)};
    }

    void say_subcase(const fields& said, std::size_t depth) {
        const fields around = texts_around(at_);
        const context texts(around, 0);
        const standing_texts standing(standing_, around.size());
        const doctest::detail::Subcase subcase(string(said[0]), said[1].c_str(),
                                               std::stoi(said[2]));
        if (subcase) {
            say_level(depth + 1);
        }
    }

    /// Passes by the subcase that the next pass enters, so that doctest knows there is one.
    void meet_next(std::size_t depth) const {
        const bool differs_here =
            depth < path_.size() && depth < next_path_.size() &&
            *path_[depth] != *next_path_[depth] &&
            std::equal(path_.begin(), path_.begin() + static_cast<std::ptrdiff_t>(depth),
                       next_path_.begin(),
                       [](const fields* one, const fields* other) { return *one == *other; });
        if (differs_here) {
            const fields& next = *next_path_[depth];
            const doctest::detail::Subcase met(string(next[0]), next[1].c_str(),
                                               std::stoi(next[2]));
        }
    }

    /// Counts texts of the context as standing, for as long as it lives.
    class standing_texts {
      public:
        standing_texts(std::size_t& count, std::size_t more) : count_(count), more_(more) {
            count_ += more_;
        }
        ~standing_texts() { count_ -= more_; }
        standing_texts(const standing_texts&) = delete;
        standing_texts& operator=(const standing_texts&) = delete;

      private:
        std::size_t& count_;
        std::size_t more_;
    };

    void say_event(const run::event& event) {
        switch (event.kind) {
        case passed_event:
            for (auto left = std::stoul(event.fields[0]); left > 0; --left) {
                doctest::detail::ResultBuilder passed(doctest::assertType::DT_CHECK, "", 0, "");
                passed.m_failed = false;
                static_cast<void>(passed.log());
            }
            break;
        case assert_event:
            say_assert(event.fields, standing_);
            break;
        case message_event:
            say_message(event.fields, standing_);
            break;
        case exception_event: {
            const context texts(event.fields, exception_contexts);
            throw last_exception(events_, at_ - 1).fields[0];
        }
        default:
            break;
        }
    }

    const std::vector<run::event>& events_;
    std::size_t at_;
    std::size_t end_;
    std::size_t standing_ = 0; ///< texts of the context that stand around a subcase
    std::vector<const fields*> path_;
    std::vector<const fields*> next_path_;
};

} // namespace

run::event event_of(const doctest::AssertData& assertion) {
    std::string exception = text(assertion.m_exception);
    if (exception.size() >= 2) {
        exception = exception.substr(1, exception.size() - 2); // doctest has quoted it
    }
    run::event event{
        assert_event,
        {std::to_string(assertion.m_at), text(assertion.m_file), std::to_string(assertion.m_line),
         text(assertion.m_expr), assertion.m_failed ? "1" : "0", assertion.m_threw ? "1" : "0",
         exception, text(assertion.m_decomp), text(assertion.m_exception_type),
         text(assertion.m_exception_string.c_str()), assertion.m_threw_as ? "1" : "0"}};
    add_contexts(event.fields);
    return event;
}

run::event event_of(const doctest::MessageData& message) {
    run::event event{message_event,
                     {text(message.m_file), std::to_string(message.m_line),
                      std::to_string(message.m_severity), text(message.m_string)}};
    add_contexts(event.fields);
    return event;
}

run::event event_of(const doctest::TestCaseException& exception) {
    run::event event{exception_event, {text(exception.error_string)}};
    const doctest::String* const contexts = doctest::IReporter::get_stringified_contexts();
    // The innermost was left first.
    for (int i = doctest::IReporter::get_num_stringified_contexts(); i > 0; --i) {
        event.fields.push_back(text(contexts[i - 1]));
    }
    return event;
}

run::event event_of(const doctest::SubcaseSignature& subcase) {
    return {subcase_start_event,
            {text(subcase.m_name), text(subcase.m_file), std::to_string(subcase.m_line)}};
}

run::event event_of(const doctest::CurrentTestCaseStats& stats) {
    return {end_event,
            {std::to_string(stats.seconds), std::to_string(stats.failure_flags),
             stats.testCaseSuccess ? "1" : "0"}};
}

std::string explanation_of(const doctest::AssertData& assertion) {
    std::string said = text(assertion.m_file) + "(" + std::to_string(assertion.m_line) +
                       "): " + doctest::assertString(assertion.m_at) + "( " +
                       text(assertion.m_expr) + " ) is NOT correct!";
    if (assertion.m_threw) {
        said += " It threw " + text(assertion.m_exception);
    } else if (assertion.m_decomp.size() > 0) {
        said += " Values: ( " + text(assertion.m_decomp) + " )";
    }
    return said;
}

void set_stats(doctest::CurrentTestCaseStats& stats, const run::event& end) {
    stats.seconds = std::stod(end.fields[0]);
    // `--abort-after` counts the failures of all workers, only here, and cuts the case off.
    if ((stats.failure_flags & doctest::TestCaseFailureReason::TooManyFailedAsserts) == 0) {
        stats.failure_flags = std::stoi(end.fields[1]);
    }
    stats.testCaseSuccess = end.fields[2] == "1";
}

void say_pass(const std::vector<run::event>& events, std::size_t& next) {
    pass said(events, next);
    next = said.end();
    said.say();
}

} // namespace isolite::doc_test
