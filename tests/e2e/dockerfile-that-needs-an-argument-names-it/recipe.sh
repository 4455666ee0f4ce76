printf 'ARG REGISTRY\nFROM ${REGISTRY}/node:20\nRUN npm ci\n' > Dockerfile
