#include "seed/seed_image.hpp"

#include "error/warning.hpp"
#include "ledger/ledger.hpp"
#include "os/process_tree.hpp"
#include "seed/building_files.hpp"
#include "seed/fingerprint.hpp"
#include "seed/image_file.hpp"
#include "seed/making.hpp"
#include "seed/served_path.hpp"
#include "seed/workshop.hpp"
#include "text/utf8.hpp"
#include "worker/effective_settings.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace isolite::seeds {

namespace {

using std::chrono::steady_clock;

std::string new_attempt() {
    static std::atomic<unsigned> count{0};
    return os::this_process().identity() + "-" + std::to_string(++count);
}

void warn_that_it_is_not_kept(const seed& seed, const error& why) {
    warnings::warn_once(
        {why.code, "keep the image of '" + seed.name() + "', so each worker seeds: " + why.message,
         why.hint});
}

result<seeded_image> build_alone(const seed& seed, const error& why) {
    warn_that_it_is_not_kept(seed, why);
    return build_image(seed);
}

/// One attempt to get one image.
class publisher {
  public:
    publisher(const image_cache& cache, const std::string& run, const seed& seed,
              const std::string& fingerprint)
        : cache_(cache), stem_(cache.stem_of(seed.name(), fingerprint)), run_(run), seed_(seed),
          fingerprint_(fingerprint) {}

    result<seeded_image> obtain() {
        if (auto found = find(fingerprint_); found.image) {
            return found;
        }
        std::unique_lock one_thread(mutex_of(stem_), std::defer_lock);
        const bool waits = !makes_for_another();
        if (waits) {
            one_thread.lock();
        } else if (!one_thread.try_lock() || os::lock_file::is_open_here(stem_ + lock_suffix)) {
            return build_image(seed_);
        }
        for (;;) {
            auto lock = os::lock_file::open(stem_ + lock_suffix, sharing_images);
            if (!lock) {
                return build_alone(seed_, lock.error());
            }
            if (!waits && !lock->try_lock().value_or(false)) {
                return build_image(seed_);
            }
            const auto awaited = wait_for(*lock);
            if (!awaited) {
                return build_alone(seed_, awaited.error());
            }
            if (auto found = find(fingerprint_); found.image) {
                end_build(*lock);
                return found;
            }
            if (const auto verdict = verdict_on(*awaited)) {
                lock = tl::unexpected(verdict->problem); // all who waited go on at once
                if (verdict->what == build_status::kind::failed) {
                    return tl::unexpected(verdict->problem);
                }
                return build_alone(seed_, verdict->problem);
            }
            if (lock->is_at_its_path()) {
                const auto begun = begin_build(*lock);
                if (!begun) {
                    lock = tl::unexpected(begun.error()); // nobody waits for a build of no use
                    return build_alone(seed_, begun.error());
                }
                return build_and_publish(*lock, *begun);
            }
        }
    }

  private:
    [[nodiscard]] std::string path_of(const std::string& fingerprint) const {
        return cache_.stem_of(seed_.name(), fingerprint) + ".db";
    }

    /// Returns the image that is there, or none.
    [[nodiscard]] seeded_image find(const std::string& fingerprint) const {
        auto found = map_image_file(path_of(fingerprint), fingerprint, run_);
        if (!found) {
            warnings::warn_once(found.error());
            return {};
        }
        return std::move(*found);
    }

    /// Takes the lock, however long others build. Returns the attempt that was waited for, or "".
    result<std::string> wait_for(os::lock_file& lock) const {
        constexpr auto patience = std::chrono::seconds(2);
        constexpr auto longest_pause = std::chrono::milliseconds(10);
        const auto start = steady_clock::now();
        auto pause = std::chrono::milliseconds(1);
        bool told = false;
        std::string awaited;
        for (;;) {
            const auto locked = lock.try_lock();
            if (!locked) {
                return tl::unexpected(locked.error());
            }
            if (*locked) {
                return awaited;
            }
            const auto status = read_status(stem_);
            if (status && status->what == build_status::kind::building) {
                awaited = status->attempt;
            }
            if (!told && steady_clock::now() - start >= patience) {
                told = true;
                const std::string who = status ? "process " + std::to_string(status->pid)
                                               : std::string("another process");
                std::fprintf(stderr, "isolite: waiting for %s, which builds the image of '%s'\n",
                             who.c_str(), text::printable(seed_.name()).c_str());
            }
            std::this_thread::sleep_for(pause);
            pause = std::min(pause * 2, longest_pause);
        }
    }

    /// Returns how an attempt ended that was waited for, if it ended without an image and was able
    /// to say so.
    std::optional<build_status> verdict_on(const std::string& attempt) const {
        auto status = read_status(stem_);
        const bool is_verdict =
            status && status->attempt == attempt && status->what != build_status::kind::building;
        return is_verdict ? status : std::nullopt;
    }

    /// Tells those who wait who builds.
    result<build_status> begin_build(const os::lock_file& lock) const {
        build_status status;
        status.attempt = new_attempt();
        status.pid = static_cast<long>(os::this_process().pid);
        if (auto written = write_status(stem_, status); !written) {
            end_build(lock);
            return tl::unexpected(written.error());
        }
        return status;
    }

    /// Builds the image under the lock.
    result<seeded_image> build_and_publish(const os::lock_file& lock,
                                           const build_status& status) const {
        auto built = build_image(seed_);
        if (!built) {
            end_build(lock, status, build_status::kind::failed, built.error());
            return tl::unexpected(built.error());
        }
        if (auto kept = publish(*built); !kept) {
            end_build(lock, status, build_status::kind::unkept, kept.error());
            warn_that_it_is_not_kept(seed_, kept.error());
            return built;
        }
        if (built->fingerprint != fingerprint_) {
            cache_.forget_texts_of(seed_);
        }
        if (auto mapped = find(built->fingerprint); mapped.image) {
            built = std::move(mapped);
        }
        end_build(lock);
        cache_.prune();
        built->origin = records::fixture_kind::image_built;
        return built;
    }

    /// Names the image by what was applied. That is not what was asked for if a file has changed
    /// meanwhile, or if a record of it was wrong.
    result<void> publish(const seeded_image& built) const {
        const std::string unfinished = stem_ + ".new";
        image_label label{
            seed_.name(), built.fingerprint, sqlite3_libversion(), 0, {}, built.seeding, run_};
        return write_image_file(unfinished, *built.image, std::move(label))
            .and_then([&]() -> result<void> {
                if (std::rename(unfinished.c_str(), path_of(built.fingerprint).c_str()) != 0) {
                    const int failure = errno;
                    static_cast<void>(std::remove(unfinished.c_str()));
                    return tl::unexpected(
                        os::system_error(sharing_images, "renaming " + unfinished, failure));
                }
                return {};
            });
    }

    /// Removes what belongs to a build. Without the lock it is somebody else's.
    void end_build(const os::lock_file& lock) const {
        if (lock.is_at_its_path()) {
            remove_building_files(stem_);
        }
    }

    /// Ends a build that has no image, and tells those who wait. If that cannot be written, each
    /// tries in its turn.
    void end_build(const os::lock_file& lock, build_status status, build_status::kind what,
                   const error& problem) const {
        status.what = what;
        status.problem = problem;
        static_cast<void>(write_status(stem_, status)); // before the disk may fill up again
        if (lock.is_at_its_path()) {
            static_cast<void>(std::remove((stem_ + lock_suffix).c_str()));
        }
    }

    const image_cache& cache_;
    std::string stem_;
    const std::string& run_;
    const seed& seed_;
    const std::string& fingerprint_;
};

} // namespace

result<seeded_image> obtain_image(const image_cache& cache, const seed& seed) {
    return cache.run().and_then([&](const std::string& run) -> result<seeded_image> {
        if (auto made = cache.make(); !made) { // first: what others can write to is not looked at
            return build_alone(seed, made.error());
        }
        return fingerprint_of(seed, &cache).and_then([&](const std::string& fingerprint) {
            return publisher(cache, run, seed, fingerprint).obtain();
        });
    });
}

result<std::shared_ptr<const store::image>> image_in_the_making(const seed& seed) {
    const hidden_paths of_step;
    const records::fixture_clock obtaining;
    const std::string why_alone = why_private(seed);
    const auto settings =
        workers::effective_settings(workers::environment::of_process(), workers::chosen_cache());
    if (!settings) {
        return tl::unexpected(settings.error());
    }
    auto image = settings->keep && why_alone.empty() ? obtain_image(image_cache(*settings), seed)
                                                     : build_image(seed);
    return image.map([&](seeded_image& obtained) {
        records::fixture_details about{seed.name()};
        about.seeding = obtained.seeding;
        obtaining.enter(obtained.origin, about);
        if (!why_alone.empty()) {
            records::ledger::of_process().add_seeding_alone(seed.name(), why_alone);
        }
        return std::move(obtained.image);
    });
}

result<std::shared_ptr<const store::image>> image_of(const seed& seed) {
    return make_alone(seed, [&seed] { return image_in_the_making(seed); });
}

} // namespace isolite::seeds
