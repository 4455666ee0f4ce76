# LIEF comes as a CMake package from 0.10 on; Debian 12's liblief-dev 0.9.0 has neither a CMake
# config nor a .pc file and is looked up by name. Either way the target is muslcheck::lief.
# It is never downloaded. Installed beside muslcheckConfig.cmake, which needs it too.

include(FindPackageHandleStandardArgs)
find_package(LIEF CONFIG QUIET)
if(LIEF_FOUND)
  find_package_handle_standard_args(Lief REQUIRED_VARS LIEF_DIR)
else()
  find_path(LIEF_INCLUDE_DIR LIEF/ELF.hpp)
  find_library(LIEF_LIBRARY LIEF)
  mark_as_advanced(LIEF_INCLUDE_DIR LIEF_LIBRARY)
  find_package_handle_standard_args(Lief
    REQUIRED_VARS LIEF_LIBRARY LIEF_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "install liblief-dev (Debian 12), or set LIEF_DIR to the folder of LIEFConfig.cmake")
endif()
if(Lief_FOUND AND NOT TARGET muslcheck::lief)
  add_library(muslcheck::lief INTERFACE IMPORTED)
  if(TARGET LIEF::LIEF)
    target_link_libraries(muslcheck::lief INTERFACE LIEF::LIEF)
  else()
    target_include_directories(muslcheck::lief SYSTEM INTERFACE ${LIEF_INCLUDE_DIR})
    target_link_libraries(muslcheck::lief INTERFACE ${LIEF_LIBRARY})
  endif()
endif()
