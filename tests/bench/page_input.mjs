// How long the page lets who uses it wait, and how much memory its tab holds.
import { readFileSync } from "node:fs";

const TIMES = 12;

/* From an event to the frame behind the one that it has changed: what is painted
 * by then answers it. */
const LISTEN = () => {
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

async function clickThrough(page, rows) {
  const views = ["Graph", "Threads", "Charts", "Requests"];
  const latencies = new Map(views.map((view) => [view, []]));
  for (let i = 0; i < TIMES; i++)
    for (const view of views) {
      latencies.get(view).push(await latency(page, () => page.getByRole("tab", { name: view }).click()));
      await pause(page);
    }
  for (const view of views) rows.set(`to ${view}`, latencies.get(view));
}

async function type(page, rows) {
  const text = "type=Timeout";
  await page.keyboard.press("/");
  rows.set("a key in the filter", await repeat(page, (i) => page.keyboard.press(text[i % text.length])));
  rows.set("the filter is set", [await latency(page, () => page.keyboard.press("Enter"))]);
  await pause(page);
  rows.set("the filter is cleared", [await latency(page, () => page.getByRole("button", { name: "Clear" }).click())]);
}

async function select(page, rows) {
  await page.getByRole("tab", { name: "Requests" }).click();
  await page.locator("tr.ended").first().waitFor();
  rows.set("a request is selected", await repeat(page, () =>
    page.evaluate(() => document.querySelector("tr.ended button").getBoundingClientRect().toJSON())
      .then(({ x, y }) => page.mouse.click(x + 4, y + 4))));
  await page.keyboard.press("Escape");
  rows.set("j", await repeat(page, () => page.keyboard.press("j")));
  rows.set("pause, go on", await repeat(page, () => page.locator(".pause").click()));
}

/* {what was done: latencies in milliseconds}. Real input: it comes from the
 * process of the browser, as a hand's does. */
export async function typeAndClick(page) {
  const rows = new Map();
  await page.evaluate(LISTEN);
  await clickThrough(page, rows);
  await type(page, rows);
  await select(page, rows);
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
