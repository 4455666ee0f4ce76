# The published recognisers of base images are tested together with what applies them.
target_link_libraries(runtimes_test PRIVATE muslcheck::rules)
