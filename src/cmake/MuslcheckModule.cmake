# One static library per module, linked with the modules that it may include and with the
# third-party libraries that only it uses. An include without a link is found by
# tests/architecture/check_includes.py.

set(MUSLCHECK_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
    -Wold-style-cast -Woverloaded-virtual -Wimplicit-fallthrough)
# Values are written with designated initialisers, where a member left out means its default.
list(APPEND MUSLCHECK_WARNINGS -Wno-missing-field-initializers)
# gcc 12 takes "text" + std::move(string) for a copy onto itself when it optimises (PR 105651).
list(APPEND MUSLCHECK_WARNINGS $<$<CONFIG:Release>:-Wno-restrict>)
if(MUSLCHECK_WERROR)
  list(APPEND MUSLCHECK_WARNINGS -Werror)
endif()

# One precompiled header for all modules: they are compiled with the same options.
if(MUSLCHECK_PRECOMPILED)
  add_library(muslcheck_precompiled STATIC ${PROJECT_SOURCE_DIR}/src/cmake/precompiled.cpp)
  target_compile_options(muslcheck_precompiled PRIVATE ${MUSLCHECK_WARNINGS})
  target_link_libraries(muslcheck_precompiled PRIVATE tl::expected)
  target_precompile_headers(muslcheck_precompiled
                            PRIVATE ${PROJECT_SOURCE_DIR}/src/cmake/precompiled.hpp)
endif()

function(muslcheck_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "MAY_INCLUDE;THIRD_PARTY")
  set(folder ${PROJECT_SOURCE_DIR}/src/${name})
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  set(library muslcheck_${name})
  if(sources)
    add_library(${library} STATIC ${sources})
    set_property(GLOBAL APPEND PROPERTY MUSLCHECK_MODULES ${library})
    set(scope PUBLIC)
    target_compile_options(${library} PRIVATE ${MUSLCHECK_WARNINGS})
    target_link_libraries(${library} PRIVATE ${arg_THIRD_PARTY})
    target_include_directories(${library} PRIVATE ${PROJECT_SOURCE_DIR}/src)
    if(MUSLCHECK_PRECOMPILED)
      target_precompile_headers(${library} REUSE_FROM muslcheck_precompiled)
    endif()
  else()
    add_library(${library} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(muslcheck::${name} ALIAS ${library})
  set_property(GLOBAL APPEND PROPERTY MUSLCHECK_THIRD_PARTY ${arg_THIRD_PARTY})
  target_include_directories(${library} ${scope} ${PROJECT_SOURCE_DIR}/include)
  target_link_libraries(${library} ${scope} tl::expected)
  foreach(dependency IN LISTS arg_MAY_INCLUDE)
    target_link_libraries(${library} ${scope} muslcheck::${dependency})
  endforeach()
  if(EXISTS ${folder}/module.cmake)
    include(${folder}/module.cmake)
  endif()
endfunction()
