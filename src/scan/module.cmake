target_compile_definitions(muslcheck_scan PRIVATE MUSLCHECK_VERSION="${PROJECT_VERSION}")
