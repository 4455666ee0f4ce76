# The facts of files as JSON lines, for scripts/compare-readelf.
add_executable(elf_dump ${PROJECT_SOURCE_DIR}/tests/tools/elf_dump.cpp)
target_link_libraries(elf_dump PRIVATE muslcheck::elf nlohmann_json::nlohmann_json)
target_compile_options(elf_dump PRIVATE ${MUSLCHECK_WARNINGS})

add_subdirectory(${PROJECT_SOURCE_DIR}/tests/fixtures/elf fixtures/elf)
add_dependencies(elf_test elf_fixtures)

# The first inputs of the fuzz corpora; their results are committed.
add_executable(elf_seeds EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/tests/tools/elf_seeds.cpp)
target_link_libraries(elf_seeds PRIVATE muslcheck::elf)
target_include_directories(elf_seeds PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
target_compile_options(elf_seeds PRIVATE ${MUSLCHECK_WARNINGS})
