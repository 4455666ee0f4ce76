# isa-l has no CMake package and Debian's libzstd none before 13, so both are looked up by name.
# The targets are muslcheck::isal and muslcheck::zstd.

function(muslcheck_find_library name header library package)
  string(TOUPPER ${name} variable)
  find_path(${variable}_INCLUDE_DIR ${header})
  find_library(${variable}_LIBRARY ${library})
  if(NOT ${variable}_INCLUDE_DIR OR NOT ${variable}_LIBRARY)
    message(FATAL_ERROR "${name} not found: install ${package}")
  endif()
  add_library(muslcheck::${name} INTERFACE IMPORTED GLOBAL)
  target_include_directories(muslcheck::${name} SYSTEM INTERFACE ${${variable}_INCLUDE_DIR})
  target_link_libraries(muslcheck::${name} INTERFACE ${${variable}_LIBRARY})
endfunction()

muslcheck_find_library(isal isa-l/igzip_lib.h isal libisal-dev)
muslcheck_find_library(zstd zstd.h zstd libzstd-dev)
