cp "$SOURCE_DIR/fixtures/dockerfiles/python-postgres" Dockerfile
