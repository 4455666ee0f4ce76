cp "$SOURCE_DIR/fixtures/dockerfiles/dotnet-single" Dockerfile
