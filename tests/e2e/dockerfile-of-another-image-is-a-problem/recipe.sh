"$SOURCE_DIR/scripts/make-sample-image" --small shop.tar
printf 'FROM golang:1.22 AS build\nRUN go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n' > Dockerfile
