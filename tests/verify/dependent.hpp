#pragma once

/// What one case leaves for the others.
inline bool& imported() {
    static bool value = false;
    return value;
}
