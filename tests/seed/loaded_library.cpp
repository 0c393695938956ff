// A library that a program may have loaded or not.
extern "C" int isolite_loaded_library() {
    return 1;
}
