// speedscope.js FILE TEXT: speedscope opens FILE in Chromium, and TEXT is among
// what it then shows in its table of all frames.
import { mkdtempSync, readFileSync, writeFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { chromium } from "playwright-core";

const [file, text] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const release = join(dirname(require.resolve("speedscope/package.json")), "dist/release");
const work = mkdtempSync(join(tmpdir(), "speedscope-"));
const load = join(work, "load.js");
writeFileSync(
  load,
  `speedscope.loadFileFromBase64(${JSON.stringify(basename(file))}, "${readFileSync(file).toString("base64")}");`,
);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"],
});
let status = 1;
try {
  const page = await browser.newPage();
  page.on("dialog", (dialog) => {
    console.error(dialog.message());
    dialog.dismiss();
  });
  await page.goto(`file://${release}/index.html#view=sandwich&localProfilePath=${load}`);
  await page.waitForFunction(
    (wanted) => document.body.innerText.includes(wanted) || document.body.innerText.includes("Something went wrong"),
    text,
    { timeout: 60000 },
  );
  const seen = await page.evaluate(() => document.body.innerText);
  status = seen.includes(text) ? 0 : 1;
  if (status !== 0) console.error(seen.slice(0, 500));
} finally {
  await browser.close();
  rmSync(work, { recursive: true });
}
process.exit(status);
