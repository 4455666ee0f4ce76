cp "$SOURCE_DIR/fixtures/dockerfiles/node-single" Dockerfile
