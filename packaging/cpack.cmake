# What is installed beside the program, and the .deb: `cpack --preset release` after the release
# build. What it depends on is read from the program by dpkg-shlibdeps, so a package made on Debian 12
# fits Debian 12 and what it is the base of.

# Nobody answers for a package that is built for oneself; packaging/test-deb lets none like it pass
# as one to publish.
set(MUSLCHECK_MAINTAINER "nobody, a local build"
    CACHE STRING "Who maintains the packages: NAME <MAIL>")

# The program writes its own manual page and completions, whenever it is linked.
add_custom_command(TARGET muslcheck POST_BUILD VERBATIM
  COMMAND ${CMAKE_CURRENT_LIST_DIR}/write-documentation
          $<TARGET_FILE:muslcheck> ${PROJECT_BINARY_DIR}/documentation)
install(DIRECTORY ${PROJECT_BINARY_DIR}/documentation/share/
        DESTINATION ${CMAKE_INSTALL_DATADIR})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE
        DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(FILES ${PROJECT_SOURCE_DIR}/CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME muslcheck)
set(CPACK_PACKAGE_CONTACT ${MUSLCHECK_MAINTAINER})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_PACKAGE_DESCRIPTION
"Reads a container image or a folder such as node_modules, lays it over a
release of Alpine and runs a model of musl's loader over every ELF file.
Nothing is executed and no network is needed.")
include(CPack)
