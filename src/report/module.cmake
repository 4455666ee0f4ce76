# Builds the style sheet and the script of the HTML report into the program, as they are in html/.

set(html_assets ${PROJECT_BINARY_DIR}/generated/html_assets.cpp)
file(READ ${folder}/html/report.css MUSLCHECK_HTML_STYLE)
file(READ ${folder}/html/report.js MUSLCHECK_HTML_SCRIPT)
configure_file(${folder}/html/assets.cpp.in ${html_assets} @ONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  ${folder}/html/report.css ${folder}/html/report.js)
target_sources(${library} PRIVATE ${html_assets})
