// How long the page lets who uses it wait, and how much memory its tab holds.
import { readFileSync } from "node:fs";

const TIMES = 12;

/* From an event to the frame behind the one that it has changed: what is painted
 * by then answers it. */
const LISTEN = () => {
  if (globalThis.latencies) return;
  globalThis.latencies = [];
  const note = (event) => {
    const { timeStamp } = event;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => latencies.push(performance.now() - timeStamp);
      channel.port2.postMessage(0);
    });
  };
  for (const type of ["keydown", "click"]) addEventListener(type, note, { capture: true });
};

/* Does `act` and answers how long it took until it was to be seen. */
async function latency(page, act) {
  await page.evaluate(() => { latencies.length = 0; });
  await act();
  await page.waitForFunction(() => latencies.length > 0);
  return page.evaluate(() => Math.max(...latencies));
}

/* Some time of the load and of the stream lies between two inputs. */
const pause = (page) => page.waitForTimeout(150);

async function repeat(page, act) {
  const latencies = [];
  for (let i = 0; i < TIMES; i++) {
    latencies.push(await latency(page, () => act(i)));
    await pause(page);
  }
  return latencies;
}

/* There from another one, and back. */
async function arrive(page, { tab }, rows) {
  const tabs = [tab === "Charts" ? "Requests" : "Charts", tab];
  rows.set("from view to view", await repeat(page, (i) => page.getByRole("tab", { name: tabs[i % 2] }).click()));
}

async function type(page, rows) {
  const text = "type=Timeout";
  await page.keyboard.press("/");
  rows.set("a key in the filter", await repeat(page, (i) => page.keyboard.press(text[i % text.length])));
  rows.set("the filter is set", [await latency(page, () => page.keyboard.press("Enter"))]);
  await pause(page);
  rows.set("the filter is cleared", [await latency(page, () => page.getByRole("button", { name: "Clear" }).click())]);
  await pause(page);
}

/* Where to click on the nth of those that can be: a row that is scrolled out of its
 * table, or is under its head, cannot. */
async function placeOf(page, selector, nth) {
  const place = await page.waitForFunction(([of, at]) => {
    const inside = (one) => { const { x, y } = one.getBoundingClientRect(); return { x: x + 4, y: y + 4 }; };
    const places = [...document.querySelectorAll(of)].map((one) => ({ one, ...inside(one) }))
      .filter(({ one, x, y }) => one.contains(document.elementFromPoint(x, y)));
    return places.length > 0 && { x: places[at % places.length].x, y: places[at % places.length].y };
  }, [selector, nth]);
  return place.jsonValue();
}

/* On the nth of what can be selected, as far as there are so many. */
async function select(page, { ready, choice }, rows) {
  await page.locator(ready).first().waitFor({ state: "attached" }); /* a level line has no height: to the browser's control it is not to be seen */
  if (choice)
    rows.set("something is selected", await repeat(page, (i) =>
      placeOf(page, choice, i % 3).then(({ x, y }) => page.mouse.click(x, y))));
  await page.keyboard.press("Escape");
  rows.set("j", await repeat(page, () => page.keyboard.press("j")));
  rows.set("pause, go on", await repeat(page, () => page.locator(".pause").click()));
}

/* {what was done: latencies in milliseconds} in a view: `tab` its name, `ready`
 * what it shows when it shows something, `choice` what can be selected there. Real
 * input: it comes from the process of the browser, as a hand's does. */
export async function typeAndClick(page, view) {
  const rows = new Map();
  await page.evaluate(LISTEN);
  await arrive(page, view, rows);
  await type(page, rows);
  await select(page, view, rows);
  return rows;
}

function pssBytes(pid) {
  const found = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  return Number(found[1]) * 1024;
}

/* Of the largest process of a tab: what it does not share, and its part of what
 * it does. */
export async function heldBytes(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return Math.max(...processInfo.filter(({ type }) => type === "renderer").map(({ id }) => pssBytes(id)));
}
