// collector.js DIRECTORY: takes what an exporter sends, each request into a file
// of its own; prints the port it listens on.
import http from "node:http";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

let count = 0;
const server = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    writeFileSync(join(process.argv[2], `${++count}.json`), Buffer.concat(chunks));
    response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
