#pragma once

#include <cstddef>
#include <string>

namespace isolite {
class engine;
}

/// How many objects there are that set-up can keep, of which each changes something else when it is
/// made again.
constexpr unsigned late_objects = 9;

/// Set-up asks for one of them, and for one that changes something whenever it is made.
void make_late(isolite::engine& engine, unsigned which);

/// A test asks for both. Returns how often they have been made.
int ask_for_late(isolite::engine& engine);

/// Returns what the one that set-up asked for tells by the reference that set-up has.
std::string use_late();
