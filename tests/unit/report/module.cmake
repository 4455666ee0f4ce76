# The golden JSON reports (which json_test compares with the writer byte by byte) must be valid by
# the published schema.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
file(GLOB golden_reports CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/golden/*.json)
add_test(NAME report.schema
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/check_schema.py
          ${PROJECT_SOURCE_DIR}/rules/schema/report-1.schema.json ${golden_reports})
set_tests_properties(report.schema PROPERTIES SKIP_RETURN_CODE 77)
target_link_libraries(report_test PRIVATE nlohmann_json::nlohmann_json)
