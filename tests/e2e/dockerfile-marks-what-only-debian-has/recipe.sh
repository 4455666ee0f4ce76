cp "$SOURCE_DIR/fixtures/dockerfiles/debian-sources" Dockerfile
