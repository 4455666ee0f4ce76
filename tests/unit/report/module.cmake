# The golden JSON reports (which json_test compares with the writer byte by byte) must be valid by
# the published schema.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
file(GLOB golden_reports CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/golden/*.json)
add_test(NAME report.schema
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/check_schema.py
          ${PROJECT_SOURCE_DIR}/rules/schema/report-1.schema.json ${golden_reports})
set_tests_properties(report.schema PROPERTIES SKIP_RETURN_CODE 77)
target_link_libraries(report_test PRIVATE nlohmann_json::nlohmann_json)

# The same reports in other people's formats, by their schemas and by what their readers ask for.
file(GLOB golden_formats CONFIGURE_DEPENDS
     ${CMAKE_CURRENT_LIST_DIR}/golden/*.sarif ${CMAKE_CURRENT_LIST_DIR}/golden/*.cdx
     ${CMAKE_CURRENT_LIST_DIR}/golden/*.codequality ${CMAKE_CURRENT_LIST_DIR}/golden/*.xml
     ${CMAKE_CURRENT_LIST_DIR}/golden/*.md)
add_test(NAME report.formats
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/check_formats.py
          ${PROJECT_SOURCE_DIR}/tests/fixtures/schemas ${golden_formats})
set_tests_properties(report.formats PROPERTIES SKIP_RETURN_CODE 77)

# The golden pages (which html_test compares with the writer byte by byte) as strict readers see
# them, and as a browser does.
file(GLOB golden_pages CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/golden/*.html)
add_test(NAME report.html
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/check_html.py ${golden_pages})
add_test(NAME report.html-in-a-browser
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/check_browser.py
          ${CMAKE_CURRENT_LIST_DIR}/golden)
set_tests_properties(report.html-in-a-browser PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)
