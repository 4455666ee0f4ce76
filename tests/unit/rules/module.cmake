# The rule files against their JSON schemas, without the program. Exit code 77: python3-jsonschema is
# missing, which ctest shows as skipped.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME rules.schemas
  COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/scripts/check-rules)
set_tests_properties(rules.schemas PROPERTIES SKIP_RETURN_CODE 77)
