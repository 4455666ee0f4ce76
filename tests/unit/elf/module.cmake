# The facts of files as JSON lines, for scripts/compare-readelf.
add_executable(elf_dump ${PROJECT_SOURCE_DIR}/tests/tools/elf_dump.cpp)
target_link_libraries(elf_dump PRIVATE muslcheck::elf nlohmann_json::nlohmann_json)
target_compile_options(elf_dump PRIVATE ${MUSLCHECK_WARNINGS})
