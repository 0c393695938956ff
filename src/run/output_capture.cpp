#include "run/output_capture.hpp"

#include "os/standard_streams.hpp"
#include "text/long_text.hpp"

#include <cstdio>
#include <iostream>

namespace isolite::run {

namespace {

/// A stream that failed, because a test closed its descriptor, works again.
void revive_streams() {
    std::clearerr(stdout);
    std::cout.clear();
    std::cerr.clear();
    std::clog.clear();
}

} // namespace

result<output_capture> output_capture::open(std::atomic<std::uint64_t>* kept) {
    return os::high_descriptor::open("isolite-output").map([kept](os::high_descriptor file) {
        return output_capture(std::move(file), kept);
    });
}

void output_capture::clear() const noexcept {
    const auto facts = file_.facts();
    if (facts && kept_ != nullptr) {
        kept_->store(facts->bytes);
    } else if (facts && facts->bytes > 0) {
        static_cast<void>(file_.file().resize(0));
    }
}

void output_capture::begin() const noexcept {
    if (!file_.is_open()) {
        return; // the worker cannot report how its next case ends, and ends itself
    }
    begin_empty();
    begin_as_left(); // what could not be written before goes as well
}

void output_capture::begin_as_left() const noexcept {
    if (file_.is_open()) {
        static_cast<void>(flush());
        clear();
    }
}

void output_capture::take_over(const output_capture& other) const noexcept {
    os::point_output_to(file_.file(), other.identity());
}

void output_capture::begin_empty() const noexcept {
    os::point_output_to(file_.file());
    os::open_closed_input();
    revive_streams();
}

bool output_capture::flush() noexcept {
    std::cout.flush();
    std::cerr.flush();
    std::clog.flush();
    return std::fflush(stdout) == 0 && std::cout && std::cerr && std::clog;
}

std::optional<std::uint64_t> output_capture::size() const {
    const auto facts = file_.facts();
    return facts ? std::optional(facts->bytes - start()) : std::nullopt;
}

std::string output_capture::text() const {
    const auto facts = file_.facts();
    if (!facts) {
        return {};
    }
    constexpr std::size_t end = text::most_of_an_end;
    const std::uint64_t first = start();
    const std::uint64_t bytes = facts->bytes - first;
    if (bytes <= 2 * end) {
        return file_.file().read_at(first, bytes);
    }
    return file_.file().read_at(first, end) + "\n" + text::note_of_gap(bytes - 2 * end) + "\n" +
           file_.file().read_at(facts->bytes - end, end);
}

std::string output_capture::from(std::uint64_t place) const {
    const auto facts = file_.facts();
    return facts && facts->bytes > place ? file_.file().read_at(place, facts->bytes - place) : "";
}

} // namespace isolite::run
