// Keys alone, screen readers, and looks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, badge, says, scene } from "./scene.mjs";

const it = await scene([], 3);

test("everything can be done with keys alone", () => it.page("/debug", { use: async (page) => {
  const press = (key) => page.keyboard.press(key);
  await badge(page, "live");
  await page.locator("tr.active").first().waitFor();
  await press("j");
  const id = await page.evaluate(() => document.activeElement.closest("tr").dataset.id);
  await press("Enter");
  await says(page, ".detail h2", id);
  await press("Escape");
  await page.locator(".detail").waitFor({ state: "hidden" });
  await press("2");
  await page.locator("g.node").first().waitFor();
  await press("j");
  await press("j");
  await press("k");
  await page.locator("g.node.cursor").waitFor();
  await press("Enter");
  await page.locator(".detail:visible, g.node.open").first().waitFor();
  await press("3");
  await says(page, ".lane", /loop-0/);
  await press("4");
  await page.locator("figure").first().waitFor();
  await press("/");
  await page.keyboard.type("type=Timeout");
  await press("Enter");
  await page.waitForURL(/type=Timeout/);
  await press("Escape");
  await press("Space");
  await badge(page, "paused");
  await press("Space");
  await badge(page, "live");
} }));

const focused = (page, selector) => page.evaluate((of) => document.activeElement.closest(of)?.dataset.id, selector);

test("the keys go to the graph, also when its tab was clicked", () => it.page("/debug?type=TCPSERVERWRAP", { use: async (page) => {
  await page.getByRole("tab", { name: "Graph" }).click();
  await page.locator("g.node.resource").first().waitFor();
  await page.keyboard.press("j");
  const key = await page.locator("g.node.cursor").getAttribute("data-id");
  await page.keyboard.press("Enter");
  await says(page, ".detail h2", key);
  await page.keyboard.press("3");
  await page.keyboard.press("2");
  await page.locator("g.node").first().waitFor();
  assert.equal(await page.locator("g.node.cursor").count(), 0);
} }));

test("the keys go to the rows of the graph as a table", () => it.page("/debug?type=TCPSERVERWRAP#view=graph", { use: async (page) => {
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await page.locator(".graph-table tbody tr", { hasText: "TCPSERVERWRAP" }).first().waitFor();
  await page.keyboard.press("j");
  const row = await page.evaluate(() => document.activeElement.closest(".graph-table tr")?.textContent ?? "");
  assert.match(row, /TCPSERVERWRAP/);
  await page.keyboard.press("Enter");
  await says(page, ".detail h2", "TCPSERVERWRAP");
} }));

test("the keys go from thread to thread, and open one alone", () => it.page("/debug#view=threads", { use: async (page) => {
  await page.locator(".lane").nth(1).waitFor();
  for (const key of ["j", "j"]) await page.keyboard.press(key);
  const thread = await page.locator(".lane").nth(1).getAttribute("data-id");
  assert.equal(await focused(page, ".lane"), thread);
  await page.keyboard.press("k");
  assert.notEqual(await focused(page, ".lane"), thread);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.search === `?thread=${thread}`);
  await page.waitForFunction(() => document.querySelectorAll(".lane").length === 1);
} }));

test("only the keys are shown that the view has", () => it.page("/debug", { use: async (page) => {
  const keys = async () => (await page.locator("footer kbd:visible").allTextContents()).join(" ");
  for (const name of ["Requests", "Graph", "Threads"]) {
    await page.getByRole("tab", { name }).click();
    assert.equal(await keys(), "/ j k Enter Esc space 1–4", name);
  }
  await page.getByRole("tab", { name: "Charts" }).click();
  assert.equal(await keys(), "/ Esc space 1–4");
} }));

const VIEWS = {
  requests: "tr.ended", graph: "g.node", threads: ".lane .ids", charts: "figure",
};

for (const colorScheme of ["light", "dark"])
  for (const [view, ready] of Object.entries(VIEWS))
    test(`axe has nothing to say of ${view}, ${colorScheme}`, () => it.page(`/debug#view=${view}`, {
      colorScheme, reducedMotion: "reduce",
      use: async (page) => {
        await badge(page, "live");
        await page.locator(ready).first().waitFor();
        if (view === "requests") await page.locator("tr.active button").first().click();
        if (view === "graph") await page.locator("g.node.resource").first().click();
        if (view === "requests" || view === "graph") await page.locator(".detail dl").waitFor();
        if (view === "graph") await page.getByRole("button", { name: "Table", exact: true }).click();
        await page.getByText("Download").click();
        await page.getByRole("button", { name: /^Pause|Go on$/ }).click();
        const script = await (await import("node:fs/promises")).readFile(axe, "utf8");
        await page.evaluate(script);
        const { violations } = await page.evaluate(() => axe.run());
        assert.deepEqual(violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => `${node.target} ${node.any[0]?.message ?? ""}`).join("; ")}`), []);
      },
    }));

test("on a narrow screen nothing is wider than it", () => it.page("/debug", {
  viewport: { width: 390, height: 760 },
  use: async (page) => {
    await page.locator("tr.active").first().waitFor();
    for (const name of ["Requests", "Graph", "Threads", "Charts"]) {
      await page.getByRole("tab", { name }).click();
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name);
    }
  },
}));

test("who wants less motion gets none", () => it.page("/debug#view=graph", {
  reducedMotion: "reduce",
  use: async (page) => {
    const node = page.locator("g.node").first();
    await node.waitFor();
    assert.equal(await node.evaluate((element) => getComputedStyle(element).transitionProperty), "none");
  },
}));
