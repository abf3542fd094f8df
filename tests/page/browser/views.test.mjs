// What each view shows, and how one leads to the other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { badge, says, scene } from "./scene.mjs";
import { Server } from "./server.mjs";

const it = await scene(["--loops", "2"], 3);

test("requests in flight and ended ones are there, each with where its time went", () => it.page("/debug", { use: async (page) => {
  await badge(page, "live");
  await page.locator("tr.active", { hasText: "GET /timer" }).first().waitFor();
  const ended = page.locator("tr.ended").first();
  await ended.waitFor();
  const label = await ended.locator(".bar").getAttribute("aria-label");
  assert.match(label, /^loop \d+ %, queue \d+ %, worker \d+ %, idle \d+ %$/);
} }));

test("live resources are counted beside those that were made", () => it.page("/debug", { use: async (page) => {
  await says(page, "tr.active td", /^2 \/ 2$/);
} }));

test("a table is sorted by what is clicked", () => it.page("/debug", { use: async (page) => {
  await page.locator("tr.ended").first().waitFor();
  await page.getByRole("button", { name: "Time", exact: true }).click();
  assert.equal(await page.locator("th[data-by=time]").getAttribute("aria-sort"), "descending");
} }));

test("the page does not show its own requests on the port of the program", () => it.page("/debug", { at: "url", use: async (page) => {
  await badge(page, "live");
  await page.locator("tr.ended").first().waitFor();
  assert.equal(await page.locator("tr", { hasText: "/debug" }).count(), 0);
} }));

test("the page does not show what it comes by on the port of the program", async () => {
  const quiet = new Server();
  await quiet.start();
  try {
    const live = async (query) => (await quiet.json(`/debug/resources?type=TCPWRAP&thread=${loop}${query}`)).resources.length;
    const loop = (await quiet.json("/debug/threads")).threads.find(({ kind }) => kind === "loop").thread;
    await it.page("/debug#view=graph", { at: quiet.url, use: async (page) => {
      await badge(page, "live");
      await page.locator("g.node", { hasText: "TCPSERVERWRAP" }).waitFor();
      /* Until somebody asks on it, a connection is anybody's. */
      await page.locator("g.node", { hasText: "TCPWRAP" }).first().waitFor({ state: "detached" });
      assert.ok(await live("&internal=1") > 0);
      /* One that the browser opens ahead has not asked yet. */
      while (await live("") > 0);
      assert.equal(await live(""), 0);
    } });
  } finally {
    await quiet.stop("SIGKILL");
  }
});

test("the root leads to the page", () => it.page("/", { at: "url", use: async (page) => {
  await badge(page, "live");
  assert.equal(new URL(page.url()).pathname, "/debug");
} }));

test("the graph shows causes in layers, and its groups open in place", () => it.page("/debug#view=graph", { use: async (page) => {
  const server = page.locator("g.node", { hasText: "TCPSERVERWRAP" }).first();
  await server.waitFor();
  await page.getByRole("button", { name: "Groups" }).click();
  const timers = page.locator("g.node.group", { hasText: "route_timer.c" }).first();
  await timers.waitFor();
  const before = await page.locator("g.node.resource", { hasText: "route_timer.c" }).count();
  await timers.click();
  await page.locator("g.node.resource", { hasText: "route_timer.c" }).nth(before).waitFor();
  assert.ok(await page.locator("path.edge.trigger").count() > 0);
} }));

test("a node keeps its place while others come and go", () => it.page("/debug#view=graph", { use: async (page) => {
  const server = page.locator("g.node", { hasText: "TCPSERVERWRAP" }).first();
  await server.waitFor();
  const place = await server.evaluate((node) => node.style.transform);
  const note = await page.locator(".graph-view .note").textContent();
  await page.waitForFunction((text) => document.querySelector(".graph-view .note").textContent !== text, note);
  assert.equal(await server.evaluate((node) => node.style.transform), place);
} }));

/* As of a program of which more lives than can be shown. */
const GROUPS = {
  graph: { groupBy: "path", matched: 5000, truncated: true },
  nodes: ["A", "B", "C"].map((type, at) => ({ id: `g${at}`, type, count: 10, oldestAgeUs: 5 })),
  links: [{ source: "g0", target: "g1", key: "trigger", count: 10 }, { source: "g2", target: "g1", key: "execution", count: 10 }],
};

test("groups show what made others too, and say that there are more of them", () => it.page("/debug#view=graph", {
  prepare: (page) => page.route("**/debug/graph*", (route) => route.fulfill({ json: GROUPS })),
  use: async (page) => {
    await page.locator("path.edge.execution").waitFor({ state: "attached" });
    await says(page, ".graph-view .note", "showing 3 groups of 5\u202f000 live resources, there are more");
  },
}));

test("the graph is a table too", () => it.page("/debug#view=graph", { use: async (page) => {
  await page.locator("g.node").first().waitFor();
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await page.locator(".graph-table tbody tr", { hasText: "TCPSERVERWRAP" }).first().waitFor();
  assert.equal(await page.locator("svg.graph").isVisible(), false);
} }));

test("threads show loops and workers, how far back they go, and what lives there", () => it.page("/debug#view=threads", { use: async (page) => {
  await says(page, ".lane", /loop-0/);
  await says(page, ".lane", /pool-3/);
  await says(page, ".threads .note", /^the last [\d.]+ (ms|s)/);
  await says(page, ".lane .ids", /\d+ live/);
  const painted = await page.locator(".lane canvas").first().evaluate((canvas) =>
    new Set(new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size);
  assert.ok(painted > 1);
} }));

test("charts show types, rates, lag and depth", () => it.page("/debug#view=charts", { use: async (page) => {
  await page.locator(".chart .area").nth(2).waitFor({ state: "attached" });
  await page.waitForFunction(() => document.querySelectorAll(".chart .line")[0].getAttribute("d").includes("L"));
  assert.equal(await page.locator("figure").count(), 4);
} }));

/* A stream that tells nothing: what is drawn is what was asked for. */
const silence = (page) => page.route("**/debug/events*", (route) => route.fulfill({ contentType: "text/event-stream", body: "" }));
const points = (page) => page.waitForFunction(() => (document.querySelector(".chart .line")?.getAttribute("d").match(/[ML]/g) ?? []).length).then((handle) => handle.jsonValue());

test("the seconds before it was opened are on a page at once", () => {
  let known = 0;
  return it.page("/debug#view=charts", {
    prepare: async (page) => {
      while (known < 5) known = (await it.server.json("/debug/history")).seconds.length;
      await silence(page);
    },
    use: async (page) => assert.ok(await points(page) >= known),
  });
});

/* As they are after an hour. */
async function inventMinutes(route) {
  const answer = await (await route.fetch()).json();
  const point = { ...answer.seconds[0], spanUs: 60e6, finished: 6000, lagP99Us: 2000, lagMaxUs: 70000 };
  const minutes = [...Array(60).keys()].map((number) => ({ ...point, number, atUs: number * 60e6 }));
  await route.fulfill({ json: { ...answer, minutes } });
}

test("minutes are charted as the program has kept them", () => it.page("/debug#view=charts", {
  prepare: async (page) => {
    await page.route("**/debug/history", inventMinutes);
    await silence(page);
  },
  use: async (page) => {
    await page.getByRole("button", { name: "60 minutes" }).click();
    await says(page, "figure", /Requests per second100/);
    await says(page, "figure", "p99 2 ms, max 70 ms");
    assert.equal(await points(page), 60);
  },
}));

test("a request that is selected is selected in all views, down to its why", () => it.page("/debug", { use: async (page) => {
  const id = await it.held("requests", "requestId");
  await page.locator(`tr[data-id=${id}]`).click();
  await says(page, ".detail h2", id);
  assert.equal(await page.locator(`tr[data-id=${id}]`).getAttribute("aria-selected"), "true");
  await page.getByRole("tab", { name: "Graph" }).click();
  await page.locator("g.node.related").first().waitFor();
  await page.locator(".detail .holders button").filter({ hasText: ":" }).last().click();
  await says(page, ".detail h3", "Why it is there");
  await page.locator(".detail .chain li").nth(2).waitFor();
  await page.locator("g.node.selected").first().waitFor();
  await page.getByRole("tab", { name: "Requests" }).click();
  await page.locator(`tr[data-id=${id}][aria-selected=true]`).waitFor();
} }));

test("a node leads to its resource, and that to its thread and filter", () => it.page("/debug#view=graph", { use: async (page) => {
  await page.getByRole("button", { name: "One by one" }).click();
  const key = await it.held("resources", "key", "type=Timeout&");
  await page.locator(`g.node[data-id="${key}"]`).click();
  await says(page, ".detail dt", "Made at");
  await page.getByRole("tab", { name: "Threads" }).click();
  await page.locator(`.ids button.selected[data-select="${key}"]`).waitFor();
  await page.getByRole("button", { name: "this type" }).click();
  assert.equal(await page.locator("#filter").inputValue(), "type=Timeout");
} }));

test("an id in a thread's list leads to the resource", () => it.page("/debug#view=threads", { use: async (page) => {
  const id = page.locator(".lane", { hasText: "loop-0" }).locator(".ids button").first();
  await id.waitFor();
  const key = await id.getAttribute("data-select");
  await id.click();
  await says(page, ".detail h2", key);
} }));

test("files can be taken away", () => it.page("/debug", { use: async (page) => {
  for (const [name, file] of [["JSON", "asyncscope.json"], ["Graph for Graphviz (DOT)", "asyncscope.dot"], ["Trace (Chrome, Perfetto)", "trace.json"]]) {
    await page.getByText("Download").click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name, exact: true }).click()]);
    assert.equal(download.suggestedFilename(), file);
    assert.equal(await download.failure(), null);
    await page.keyboard.press("Escape");
  }
} }));

test("a trace goes to Perfetto when it answers", () => it.page("/debug", { use: async (page) => {
  await page.context().route("https://ui.perfetto.dev/**", (route) => route.fulfill({ contentType: "text/html", body: `<script>
    addEventListener("message", (event) => {
      if (event.data === "PING") event.source.postMessage("PONG", event.origin);
      else document.title = new TextDecoder().decode(event.data.perfetto.buffer).slice(0, 15);
    });</script>` }));
  await page.getByText("Download").click();
  const [perfetto] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: /Perfetto ↗/ }).click()]);
  await perfetto.waitForFunction(() => document.title === '{"traceEvents":');
} }));
