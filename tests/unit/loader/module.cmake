# As in src/loader/module.cmake: designated initialisers leave defaults out.
target_compile_options(loader_test PRIVATE -Wno-missing-field-initializers)
