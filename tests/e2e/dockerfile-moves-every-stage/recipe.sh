cp "$SOURCE_DIR/fixtures/dockerfiles/node-multi-stage" Dockerfile
