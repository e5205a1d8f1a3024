// The reference in Node: socket.io with its Redis adapter.  node socketio_server.js MODULES PORT REDIS_URL
"use strict";
const path = require("node:path");
const { createRequire } = require("node:module");

const [folder, port, redisUrl] = process.argv.slice(2);
const from = createRequire(path.join(path.resolve(folder), "node_modules", "index.js"));
const { createServer } = require("node:http");
const { Server } = from("socket.io");
const { createAdapter } = from("@socket.io/redis-adapter");
const { createClient } = from("redis");

async function main() {
  const publisher = createClient({ url: redisUrl });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  const http = createServer();
  const io = new Server(http, { transports: ["websocket"], adapter: createAdapter(publisher, subscriber) });
  io.on("connection", (socket) => {
    const { topic, speaks } = socket.handshake.query;
    if (!speaks) socket.join(topic);
    socket.on("m", (message) => io.to(topic).emit("m", message));
  });
  http.listen(Number(port), "127.0.0.1");
}

main();
