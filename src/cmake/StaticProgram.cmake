# muslcheck_static: the program without shared libraries, of the same objects as muslcheck. Modules
# are linked with shared libraries, so here they are named as files, and what they use as archives.
#
# Without MUSLCHECK_STATIC_LIBRARIES there is no such target, and the test of it says that it is
# skipped.

set(MUSLCHECK_STATIC_LIBRARIES "" CACHE PATH "Folder that packaging/static/libraries filled")
if(NOT MUSLCHECK_STATIC_LIBRARIES)
  return()
endif()

# From users to what they use: each archive is searched once.
get_property(modules GLOBAL PROPERTY MUSLCHECK_MODULES)
list(REVERSE modules)
list(TRANSFORM modules REPLACE "(.+)" "$<TARGET_FILE:\\1>" OUTPUT_VARIABLE archives)
foreach(name LIEF tbb isal archive lzma bz2 sqlite3 crypto zstd z)
  unset(archive)
  find_library(archive NAMES lib${name}.a HINTS ${MUSLCHECK_STATIC_LIBRARIES} NO_CACHE REQUIRED)
  list(APPEND archives ${archive})
endforeach()

add_executable(muslcheck_static src/main.cpp)
add_dependencies(muslcheck_static ${modules})
set_target_properties(muslcheck_static PROPERTIES LINK_DEPENDS "${archives}")
target_include_directories(muslcheck_static PRIVATE ${PROJECT_SOURCE_DIR}/include)
target_compile_options(muslcheck_static PRIVATE ${MUSLCHECK_WARNINGS})
target_link_libraries(muslcheck_static PRIVATE tl::expected ${archives})
# The map says which archives are in the program: packaging/static/build takes their licences.
target_link_options(muslcheck_static PRIVATE -static-pie -Wl,--gc-sections
                    -Wl,-z,pack-relative-relocs
                    -Wl,-Map=${PROJECT_BINARY_DIR}/muslcheck_static.map)
