printf 'FROM node:20\nRUN npm ci &&\n    npm prune\n' > Dockerfile
