// A plan is dropped: sections with scores, filters, the findings by keyboard, the annotated file.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { binary, browser, judged, out, serve, violations, visit, picture } from "./page.mjs";

let served, launched;
before(async () => {
  served = await serve();
  launched = await browser();
});
after(async () => {
  await launched.close();
  assert.equal(await served.stop(), "", "nothing is logged");
});

/** Lets go of a file over the page, as from a folder's window. */
async function drop(page, path, name, type) {
  const data = readFileSync(path).toString("base64");
  const transfer = await page.evaluateHandle(
    ([data, name, type]) => {
      const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name, { type }));
      return transfer;
    },
    [data, name, type],
  );
  for (const kind of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("body", kind, { dataTransfer: transfer });
}

const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

test("a docx is dropped, walked through by keyboard, filtered, and downloaded with comments", async () => {
  const { page, seen } = await visit(launched.launch, served.url);
  await drop(page, "corpora/plans/lettered/plan.docx", "plan.docx", DOCX);
  await judged(page, /^plan\.docx: \d+ statements judged/);
  const contents = await page.locator(".cp-contents li").allTextContents();
  assert.ok(contents.length >= 2 && contents.every((line) => /score \d+|nothing/.test(line)), contents.join("\n"));
  assert.equal(await page.evaluate(() => document.activeElement.id), "said-heading", "a screen reader is taken there");

  // Every finding, forward, and round to the first.
  await page.keyboard.press("F8");
  const total = Number(/of (\d+)/.exec(await page.locator("#where").textContent())[1]);
  const walked = new Set();
  for (let i = 1; i <= total; i++) {
    assert.equal(await page.locator("#where").textContent(), `Finding ${i} of ${total}`);
    walked.add(await page.evaluate(() => `${document.activeElement.closest("article").id} ${document.activeElement.textContent}`));
    await page.keyboard.press("F8");
  }
  assert.equal(await page.locator("#where").textContent(), `Finding 1 of ${total}`);
  assert.equal(walked.size, total, "each has had the focus once");
  await page.keyboard.press("Shift+F8");
  assert.equal(await page.locator("#where").textContent(), `Finding ${total} of ${total}`);

  const cards = () => page.locator(".cp-card").count();
  const all = await cards();
  await page.selectOption("#filter-severity", "error");
  const errors = await cards();
  assert.ok(errors > 0 && errors <= all);
  await page.selectOption("#filter-severity", "");
  await page.selectOption("#filter-section", "F");
  assert.ok((await page.locator(".cp-card h4").allTextContents()).every((title) => title.startsWith("F.")));
  await page.selectOption("#filter-section", "");
  await page.selectOption("#filter-rule", { index: 1 });
  const rule = await page.locator("#filter-rule").inputValue();
  for (const card of await page.locator(".cp-card").all()) {
    assert.ok(await card.locator(`[data-rule="${rule}"]`).count(), `each has ${rule}`);
  }
  await page.selectOption("#filter-rule", "");

  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#download")]);
  assert.equal(download.suggestedFilename(), "plan-annotated.docx");
  const saved = join(out, "plan-annotated.docx");
  await download.saveAs(saved);
  const expected = join(out, "plan-by-annotate.docx");
  writeFileSync(expected, execFileSync(binary, ["annotate", "corpora/plans/lettered/plan.docx", "-o", "-"], { stdio: ["ignore", "pipe", "ignore"] }));
  assert.ok(readFileSync(saved).equals(readFileSync(expected)), "it is what annotate writes");
  assert.deepEqual(await violations(page), []);

  // Another wording moves the score.
  const before = Number(await page.locator("[data-score=now] strong").textContent());
  await page.locator(".cp-write button", { hasText: "Try it in the plan" }).first().click();
  await page.waitForFunction((before) => document.querySelector("[data-score=before] strong")?.textContent === String(before) && document.querySelector("#problem").childElementCount === 0, before);
  await page.click("#close");
  assert.ok(await page.locator("#editor").isVisible());
  assert.deepEqual(seen.errors, []);
  const hosts = new Set(seen.requests.filter((url) => !url.startsWith("blob:")).map((url) => new URL(url).host));
  assert.deepEqual([...hosts], [new URL(served.url).host]);
});

test("odt and pdf are read too; what is no plan is refused clearly", async () => {
  const { page } = await visit(launched.launch, served.url);
  for (const name of ["plan.odt", "plan.pdf"]) {
    await page.setInputFiles("#file", `corpora/plans/lettered/${name}`);
    await judged(page, new RegExp(`^${name.replace(".", "\\.")}: \\d+ statements judged`));
  }
  await page.setInputFiles("#file", { name: "photo.docx", mimeType: DOCX, buffer: Buffer.from("\x89PNG\r\n\x1a\n0000IHDR", "latin1") });
  await page.waitForSelector("#problem .govuk-error-summary");
  assert.match(await page.locator("#problem").textContent(), /photo\.docx: /);
});

test("a plan at both widths, light and dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
      const { page, context } = await visit(launched.launch, served.url, { colorScheme, viewport: { width, height: 844 } });
      await page.setInputFiles("#file", "corpora/plans/needs-tables/plan.docx");
      await judged(page, /^plan\.docx: /);
      assert.deepEqual(await violations(page), [], `${colorScheme}, ${width}`);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wider <= 0, `${wider} px too wide at ${width}`);
      await picture(page, `${out}/plan-${width}-${colorScheme}.png`);
      await context.close();
    }
  }
});
