# isolite_add_test(NAME TARGET [WORKERS COUNT] [TIMEOUT SECONDS] [JUNIT FILE] [ARGUMENTS ARGUMENT...])
#
# Makes one test of CTest of a program with one of isolite's adapters, which runs its cases in parallel.
# What it says to the program it says by variables, which work with any main.
#   WORKERS    how many processes run cases: a number or auto, the default
#   TIMEOUT    how long one case may take, e.g. 60 or 2.5; default: what ISOLITE_TIMEOUT says. CTest's
#              own property of this name is about the whole program
#   JUNIT      where the report of its cases is written; default: NAME.xml in the build directory
#   ARGUMENTS  what else the program is given
# CTest is told how many processors it takes, so that `ctest --parallel` does not start as many
# programs at once.
function(isolite_add_test name target)
  cmake_parse_arguments(PARSE_ARGV 2 with "" "WORKERS;TIMEOUT;JUNIT" "ARGUMENTS")
  if(with_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "isolite_add_test(${name}): unknown argument ${with_UNPARSED_ARGUMENTS}; "
      "arguments for the program stand behind ARGUMENTS")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR "isolite_add_test(${name}): there is no target ${target}")
  endif()
  if(DEFINED with_TIMEOUT AND NOT with_TIMEOUT MATCHES "^([0-9]*[1-9][0-9]*([.][0-9]+)?|0+[.][0-9]*[1-9][0-9]*)$")
    message(FATAL_ERROR "isolite_add_test(${name}): TIMEOUT is \"${with_TIMEOUT}\", not a number of "
      "seconds; write how long a case may take, e.g. 60 or 2.5")
  endif()
  if(NOT with_WORKERS)
    set(with_WORKERS auto)
  endif()
  if(NOT with_JUNIT)
    set(with_JUNIT ${CMAKE_CURRENT_BINARY_DIR}/${name}.xml)
  endif()
  set(processors ${with_WORKERS})
  if(NOT processors MATCHES "^[1-9][0-9]*$")
    include(ProcessorCount)
    ProcessorCount(processors)
  endif()
  add_test(NAME ${name} COMMAND ${target} ${with_ARGUMENTS})
  set(variables "ISOLITE_WORKERS=${with_WORKERS}" "ISOLITE_JUNIT=${with_JUNIT}")
  if(DEFINED with_TIMEOUT)
    list(APPEND variables "ISOLITE_TIMEOUT=${with_TIMEOUT}")
  endif()
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "${variables}")
  if(processors GREATER 0)
    set_tests_properties(${name} PROPERTIES PROCESSORS ${processors})
  endif()
endfunction()
