cp "$SOURCE_DIR/fixtures/dockerfiles/nginx-static-site" Dockerfile
