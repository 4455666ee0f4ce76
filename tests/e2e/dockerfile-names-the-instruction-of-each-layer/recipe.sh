"$SOURCE_DIR/scripts/make-sample-image" --small shop.tar
mkdir shop
cat > shop/Dockerfile <<'EOF'
# syntax=docker/dockerfile:1
ARG DEBIAN=12
FROM node:20-bookworm AS build
WORKDIR /src
COPY package*.json ./
RUN npm ci

FROM debian:${DEBIAN}-slim
COPY node /usr/local/bin/node
WORKDIR /app
COPY --from=build --chown=node:node \
     # with its node_modules
     . /app
RUN npm uninstall @sample/withdrawn
CMD ["node", "server.js"]
EOF
