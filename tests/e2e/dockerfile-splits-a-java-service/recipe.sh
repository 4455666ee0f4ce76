cp "$SOURCE_DIR/fixtures/dockerfiles/java-maven-single" Dockerfile
