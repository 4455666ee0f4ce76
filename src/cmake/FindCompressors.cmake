# isa-l has no CMake package and Debian's libzstd none before 13, so both are looked up by name.
# The targets are muslcheck::isal and muslcheck::zstd. Installed beside muslcheckConfig.cmake, which
# needs them too.

include(FindPackageHandleStandardArgs)
find_path(ISAL_INCLUDE_DIR isa-l/igzip_lib.h)
find_library(ISAL_LIBRARY isal)
find_path(ZSTD_INCLUDE_DIR zstd.h)
find_library(ZSTD_LIBRARY zstd)
mark_as_advanced(ISAL_INCLUDE_DIR ISAL_LIBRARY ZSTD_INCLUDE_DIR ZSTD_LIBRARY)
find_package_handle_standard_args(Compressors
  REQUIRED_VARS ISAL_LIBRARY ISAL_INCLUDE_DIR ZSTD_LIBRARY ZSTD_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "install libisal-dev and libzstd-dev")

function(muslcheck_import_library name)
  string(TOUPPER ${name} variable)
  if(NOT Compressors_FOUND OR TARGET muslcheck::${name})
    return()
  endif()
  add_library(muslcheck::${name} INTERFACE IMPORTED)
  target_include_directories(muslcheck::${name} SYSTEM INTERFACE ${${variable}_INCLUDE_DIR})
  target_link_libraries(muslcheck::${name} INTERFACE ${${variable}_LIBRARY})
endfunction()

muslcheck_import_library(isal)
muslcheck_import_library(zstd)
