// mermaid.js FILE COUNT: Mermaid draws FILE in Chromium, with COUNT nodes, and
// nothing in it becomes markup.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [file, count] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const bundle = join(dirname(require.resolve("mermaid/package.json")), "dist/mermaid.min.js");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
let status = 1;
try {
  const page = await browser.newPage();
  await page.setContent("<!doctype html><body></body>");
  await page.addScriptTag({ path: bundle });
  const seen = await page.evaluate(async (text) => {
    mermaid.initialize({ startOnLoad: false });
    const { svg } = await mermaid.render("drawn", text);
    const holder = document.createElement("div");
    holder.innerHTML = svg;
    return {
      nodes: holder.querySelectorAll("g.node").length,
      scripts: holder.querySelectorAll("script, b, img").length,
      text: holder.textContent,
    };
  }, readFileSync(file, "utf8"));
  status = seen.nodes === Number(count) && seen.scripts === 0 ? 0 : 1;
  if (status !== 0) console.error(JSON.stringify({ ...seen, text: seen.text.slice(0, 500) }));
} finally {
  await browser.close();
}
process.exit(status);
