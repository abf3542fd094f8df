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
