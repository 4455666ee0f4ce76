# LIEF comes as a CMake package from 0.10 on; Debian 12's liblief-dev 0.9.0 has neither a CMake
# config nor a .pc file and is looked up by name. Either way the target is muslcheck::lief.
# It is never downloaded.

add_library(muslcheck::lief INTERFACE IMPORTED)
find_package(LIEF CONFIG QUIET)
if(LIEF_FOUND)
  target_link_libraries(muslcheck::lief INTERFACE LIEF::LIEF)
else()
  find_path(LIEF_INCLUDE_DIR LIEF/ELF.hpp)
  find_library(LIEF_LIBRARY LIEF)
  if(NOT LIEF_INCLUDE_DIR OR NOT LIEF_LIBRARY)
    message(FATAL_ERROR "LIEF not found: install liblief-dev (Debian 12) or set LIEF_DIR")
  endif()
  target_include_directories(muslcheck::lief SYSTEM INTERFACE ${LIEF_INCLUDE_DIR})
  target_link_libraries(muslcheck::lief INTERFACE ${LIEF_LIBRARY})
endif()
