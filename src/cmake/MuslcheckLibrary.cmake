# The library for others: one archive of all modules but cli, the headers that its API is, and the
# files by which CMake and pkg-config find it. `cmake --install BUILD --component development`;
# without a component the program alone is installed, and the archive need not have been built.

include(CMakePackageConfigHelpers)

# muslcheck.hpp and whatever it includes, and nothing else: a header that is installed is promised.
# tests/install compares this list with the #include lines.
set(MUSLCHECK_API_HEADERS
  core/printable.hpp core/progress.hpp core/result.hpp
  model/base_recogniser.hpp model/elf_facts.hpp model/finding.hpp model/host.hpp model/image.hpp
  model/java_native.hpp model/module.hpp model/nuget_package.hpp model/package.hpp
  model/problem.hpp model/python_package.hpp model/report.hpp model/runtime.hpp model/vendors.hpp
  plan/accept.hpp
  report/report.hpp
  rules/ignore_file.hpp rules/rules.hpp
  scan/scan.hpp
  muslcheck.hpp)
list(TRANSFORM MUSLCHECK_API_HEADERS PREPEND ${PROJECT_SOURCE_DIR}/include/muslcheck/)

add_library(muslcheck_library STATIC)
add_library(muslcheck::muslcheck ALIAS muslcheck_library)
set_target_properties(muslcheck_library PROPERTIES
  OUTPUT_NAME muslcheck EXPORT_NAME muslcheck LINKER_LANGUAGE CXX)
target_compile_features(muslcheck_library INTERFACE cxx_std_20)
get_property(modules GLOBAL PROPERTY MUSLCHECK_MODULES)
list(REMOVE_ITEM modules muslcheck_cli)
foreach(module IN LISTS modules)
  target_sources(muslcheck_library PRIVATE $<TARGET_OBJECTS:${module}>)
endforeach()

# What whoever links the archive has to link as well. Headers are all there is of nlohmann/json, and
# CLI11 is cli's: neither is needed any more. muslcheckConfig.cmake.in looks for the others.
get_property(linked GLOBAL PROPERTY MUSLCHECK_THIRD_PARTY)
list(REMOVE_DUPLICATES linked)
list(REMOVE_ITEM linked nlohmann_json::nlohmann_json CLI11::CLI11)
target_link_libraries(muslcheck_library PUBLIC tl::expected PRIVATE ${linked})
target_sources(muslcheck_library PUBLIC FILE_SET HEADERS
  BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${MUSLCHECK_API_HEADERS})

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/muslcheck)
install(TARGETS muslcheck_library EXPORT muslcheck
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development EXCLUDE_FROM_ALL
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development EXCLUDE_FROM_ALL)
install(EXPORT muslcheck NAMESPACE muslcheck:: FILE muslcheckTargets.cmake
  DESTINATION ${package_folder} COMPONENT development EXCLUDE_FROM_ALL)
set(generated ${PROJECT_BINARY_DIR}/generated)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/muslcheckConfig.cmake.in
  ${generated}/muslcheckConfig.cmake INSTALL_DESTINATION ${package_folder}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${generated}/muslcheckConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${generated}/muslcheckConfig.cmake ${generated}/muslcheckConfigVersion.cmake
              ${CMAKE_CURRENT_LIST_DIR}/FindLief.cmake ${CMAKE_CURRENT_LIST_DIR}/FindCompressors.cmake
  DESTINATION ${package_folder} COMPONENT development EXCLUDE_FROM_ALL)

# The prefix is found from where the .pc file is, wherever the tree is put; absolute folders stay.
set(MUSLCHECK_PC_PREFIX ${CMAKE_INSTALL_PREFIX})
if(NOT IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR})
  string(REGEX REPLACE "[^/]+" ".." upwards ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  set(MUSLCHECK_PC_PREFIX "\${pcfiledir}/${upwards}")
endif()
foreach(folder LIBDIR INCLUDEDIR)
  set(MUSLCHECK_PC_${folder} "\${prefix}/${CMAKE_INSTALL_${folder}}")
  if(IS_ABSOLUTE ${CMAKE_INSTALL_${folder}})
    set(MUSLCHECK_PC_${folder} ${CMAKE_INSTALL_${folder}})
  endif()
endforeach()
configure_file(${CMAKE_CURRENT_LIST_DIR}/muslcheck.pc.in ${generated}/muslcheck.pc @ONLY)
install(FILES ${generated}/muslcheck.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development EXCLUDE_FROM_ALL)
