#include "adapters/doctest_replay.hpp"

#include "adapters/doctest_events.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <set>
#include <string>

namespace isolite::doc_test {

namespace {

using texts = std::vector<std::string>;

doctest::String string(const std::string& text) {
    return {text.c_str(), static_cast<doctest::String::size_type>(text.size())};
}

/// Passes by a subcase. doctest remembers where the file's name is until the case has ended.
doctest::detail::Subcase met(const said_subcase& said) {
    static std::set<std::string> files;
    return doctest::detail::Subcase(string(said.name), files.insert(said.file).first->c_str(),
                                    said.line);
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
    /// Lifetime: the texts outlive it.
    context(const texts& said, std::size_t first) {
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

/// `standing` is the number of texts of the context that stand already.
void say(const said_assert& said, std::size_t standing) {
    doctest::detail::ResultBuilder result(said.kind, said.file.c_str(), said.line,
                                          said.expression.c_str(), said.exception_type.c_str(),
                                          string(said.exception_text));
    result.m_failed = said.failed;
    result.m_threw = said.threw;
    result.m_exception = string(said.exception);
    result.m_decomp = string(said.values);
    result.m_threw_as = said.threw_as;
    const context around(said.contexts, standing);
    static_cast<void>(result.log());
    result.react(); // throws what ends the case
}

void say(const said_message& said, std::size_t standing) {
    const context around(said.contexts, standing);
    doctest::detail::MessageBuilder message(said.file.c_str(), said.line, said.severity);
    message* said.text;
    static_cast<void>(message.log());
    message.react();
}

/// doctest cannot tell what an exception is while it passes a subcase: the real text comes later.
const results::event& last_exception(const std::vector<results::event>& events, std::size_t from) {
    const results::event* last = &events[from];
    for (std::size_t i = from; i < events.size() && events[i].kind != reenter_event; ++i) {
        if (events[i].kind == exception_event) {
            last = &events[i];
        }
    }
    return *last;
}

/// Returns the place behind the end of the subcase whose inside begins at `from`.
std::size_t end_of_subcase(const std::vector<results::event>& events, std::size_t from) {
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

/// The events of the subcases that a pass enters, from the outermost to the leaf.
std::vector<const results::event*> path_of(const std::vector<results::event>& events,
                                           std::size_t from) {
    std::vector<const results::event*> path;
    for (std::size_t i = from; i < events.size() && events[i].kind != reenter_event &&
                               events[i].kind != subcase_end_event;
         ++i) {
        if (events[i].kind == subcase_start_event) {
            path.push_back(&events[i]);
        }
    }
    return path;
}

std::size_t beginning_of_next_pass(const std::vector<results::event>& events, std::size_t from) {
    while (from < events.size() && events[from].kind != reenter_event) {
        ++from;
    }
    return std::min(from + 1, events.size());
}

/// One pass through a case.
class pass {
  public:
    pass(const std::vector<results::event>& events, std::size_t begin)
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
        const results::event& last = events_[at_ - 1];
        if (last.kind == exception_event) {
            return true;
        }
        return (last.as<doctest::assertType::Enum>() & doctest::assertType::is_require) != 0;
    }

    void say_destructors() {
        while (at_ < end_) {
            const results::event& event = events_[at_++];
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
            const results::event& event = events_[at_++];
            switch (event.kind) {
            case subcase_start_event:
                say_subcase(event.as<said_subcase>(), depth);
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
    [[nodiscard]] texts texts_around(std::size_t from) const {
        const std::size_t end = end_of_subcase(events_, from);
        std::size_t later = end;
        while (later < end_ && events_[later].kind == subcase_end_event) {
            ++later;
        }
        if (end < 2 || later >= end_ || events_[end - 2].kind != exception_event ||
            events_[later].kind != exception_event) {
            return {};
        }
        texts all = events_[later].as<said_exception>().contexts;
        const std::size_t inside = events_[end - 2].as<said_exception>().contexts.size();
        all.resize(all.size() - std::min(all.size(), inside));
        return all;
    }

    void say_subcase(const said_subcase& said, std::size_t depth) {
        const texts said_around = texts_around(at_);
        const context around(said_around, 0);
        const standing_texts standing(standing_, said_around.size());
        const doctest::detail::Subcase subcase = met(said);
        if (subcase) {
            say_level(depth + 1);
        }
    }

    /// Passes by the subcase that the next pass enters, so that doctest knows there is one.
    void meet_next(std::size_t depth) const {
        const bool differs_here =
            depth < path_.size() && depth < next_path_.size() &&
            path_[depth]->value != next_path_[depth]->value &&
            std::equal(path_.begin(), path_.begin() + static_cast<std::ptrdiff_t>(depth),
                       next_path_.begin(),
                       [](const results::event* one, const results::event* other) {
                           return one->value == other->value;
                       });
        if (differs_here) {
            const doctest::detail::Subcase next = met(next_path_[depth]->as<said_subcase>());
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

    void say_event(const results::event& event) {
        switch (event.kind) {
        case passed_event:
            for (auto left = event.as<unsigned long>(); left > 0; --left) {
                doctest::detail::ResultBuilder passed(doctest::assertType::DT_CHECK, "", 0, "");
                passed.m_failed = false;
                static_cast<void>(passed.log());
            }
            break;
        case assert_event:
            ::isolite::doc_test::say(event.as<said_assert>(), standing_);
            break;
        case message_event:
            ::isolite::doc_test::say(event.as<said_message>(), standing_);
            break;
        case exception_event: {
            const auto said = event.as<said_exception>();
            const context around(said.contexts, 0);
            throw last_exception(events_, at_ - 1).as<said_exception>().text;
        }
        default:
            break;
        }
    }

    const std::vector<results::event>& events_;
    std::size_t at_;
    std::size_t end_;
    std::size_t standing_ = 0; ///< texts of the context that stand around a subcase
    std::vector<const results::event*> path_;
    std::vector<const results::event*> next_path_;
};

} // namespace

void say_pass(const std::vector<results::event>& events, std::size_t& next) {
    pass said(events, next);
    next = said.end();
    said.say();
}

} // namespace isolite::doc_test
