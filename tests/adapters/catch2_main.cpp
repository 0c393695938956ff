// Catch2's implementation takes long to compile: here once with isolite's main for all tests, and
// once with a plain one for their oracles.
#ifdef WITHOUT_ISOLITE
#    if __has_include(<catch2/catch_session.hpp>)
#        include <catch2/catch_session.hpp>
int main(int argc, char** argv) {
    return Catch::Session().run(argc, argv);
}
#    else
#        define CATCH_CONFIG_MAIN
#        include <catch2/catch.hpp>
#    endif
#else
#    include <isolite/catch2_main.hpp>
#endif
