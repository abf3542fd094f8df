// eventsource.js URL PATH EVENT NEXT: Chromium's EventSource reads PATH through a
// connection that breaks behind the first EVENT, comes back by itself with the
// id that it saw last, and is told what happened meanwhile: an event NEXT, and
// no first EVENT again where the two differ. What happens is that the page asks
// for /hello when it has seen EVENT; then the connection breaks.
import http from "node:http";
import { chromium } from "playwright-core";

const [url, path, event, next] = process.argv.slice(2);
const asked = [];

// Passes everything on, and cuts the first stream off behind /hello.
let stream;
const cutter = http.createServer((request, response) => {
  if (request.url === path && asked.length === 0) stream = response;
  if (request.url === path) asked.push(request.headers["last-event-id"] ?? null);
  const up = http.request(url + request.url, { headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.on("data", (chunk) => response.write(chunk));
    answer.on("end", () => {
      response.end();
      if (request.url === "/hello") stream.destroy();
    });
    response.on("close", () => up.destroy());
  });
  up.on("error", () => response.destroy());
  up.end();
});
await new Promise((resolve) => cutter.listen(0, "127.0.0.1", resolve));
const base = `http://127.0.0.1:${cutter.address().port}`;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
let status = 1;
try {
  const page = await browser.newPage();
  await page.goto(`${base}/debug/tree`);
  const seen = await page.evaluate(
    ([path, event, next]) =>
      new Promise((resolve) => {
        const seen = { opened: 0, events: [], ids: [] };
        const source = new EventSource(path);
        const note = ({ type, data, lastEventId }) => {
          JSON.parse(data);
          seen.events.push(type);
          seen.ids.push(lastEventId);
          if (type === event && seen.opened === 1 && !seen.told) {
            seen.told = true;
            fetch("/hello");
          }
          if (seen.opened === 2 && type === next) {
            source.close();
            resolve(seen);
          }
        };
        source.onopen = () => seen.opened++;
        for (const name of ["snapshot", "delta", "begin", "line", "dropped"]) source.addEventListener(name, note);
      }),
    [path, event, next],
  );
  const back = seen.events.lastIndexOf(next);
  const resumed = asked.length === 2 && asked[1] !== null && seen.ids.includes(asked[1]);
  const again = event !== next && seen.events.filter((name) => name === event).length > 1;
  const repeated = new Set(seen.ids.filter((id) => id !== "")).size < seen.ids.filter((id, i) => id !== "" && seen.events[i] === "line").length;
  status = back > 0 && resumed && !again && !repeated ? 0 : 1;
  if (status !== 0) console.error(JSON.stringify({ seen, asked }));
} finally {
  await browser.close();
  cutter.closeAllConnections();
  cutter.close();
}
process.exit(status);
