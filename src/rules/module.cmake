# Builds rules/ into the program. The files are not turned into C++ literals: one small generated
# .cpp lets the assembler take each file as it is (.incbin), so this costs milliseconds however
# large the tables get. Works with gcc and clang for any ELF target.

file(GLOB_RECURSE rule_files CONFIGURE_DEPENDS
  RELATIVE ${PROJECT_SOURCE_DIR}/rules
  ${PROJECT_SOURCE_DIR}/rules/*.json ${PROJECT_SOURCE_DIR}/rules/*.tsv
  ${PROJECT_SOURCE_DIR}/rules/*.txt)
list(FILTER rule_files EXCLUDE REGEX "^schema/")
list(SORT rule_files)

set(MUSLCHECK_RULE_ASSEMBLY "")
set(MUSLCHECK_RULE_DECLARATIONS "")
set(MUSLCHECK_RULE_ENTRIES "")
set(rule_paths "")
set(index 0)
foreach(file IN LISTS rule_files)
  set(label "muslcheck_rule_${index}")
  set(path ${PROJECT_SOURCE_DIR}/rules/${file})
  list(APPEND rule_paths ${path})
  string(APPEND MUSLCHECK_RULE_ASSEMBLY "    MUSLCHECK_INCBIN(\"${label}\", \"${path}\")\n")
  string(APPEND MUSLCHECK_RULE_DECLARATIONS
    "extern const char ${label}_begin[];\nextern const char ${label}_end[];\n")
  string(APPEND MUSLCHECK_RULE_ENTRIES
    "      {\"${file}\", view(${label}_begin, ${label}_end)},\n")
  math(EXPR index "${index} + 1")
endforeach()

set(embedded_rules ${PROJECT_BINARY_DIR}/generated/embedded_rules.cpp)
configure_file(${PROJECT_SOURCE_DIR}/src/rules/embedded_rules.cpp.in ${embedded_rules} @ONLY)
set_source_files_properties(${embedded_rules} PROPERTIES OBJECT_DEPENDS "${rule_paths}")
target_sources(${library} PRIVATE ${embedded_rules})
