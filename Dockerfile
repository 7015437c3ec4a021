# One image for every service; docker-compose.yml chooses the entry point. Not built in CI: no container engine is assumed there.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY . .
# The optional packages hold the program that builds the explorer; the image keeps none of them.
RUN npm ci --ignore-scripts && npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:20-bookworm-slim
ENV NODE_ENV=production APOLLO_TELEMETRY_DISABLED=1
WORKDIR /app
COPY --from=build --chown=node:node /app /app
USER node
CMD ["node", "gateway/dist/main.js"]
