# -Wextra asks for every field even of a designated initialiser; leaving the defaults out is the
# point of those.
target_compile_options(muslcheck_loader PRIVATE -Wno-missing-field-initializers)
