// A writer types: what is vague is marked, the blanks are filled, and it turns.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, editor, judged, serve, violations, visit, picture } from "./page.mjs";

let served, launched;
before(async () => {
  served = await serve();
  launched = await browser();
});
after(async () => {
  await launched.close();
  assert.equal(await served.stop(), "", "nothing is logged");
});

test("a vague provision is marked, its blanks are filled, and it turns", async () => {
  const { page, seen } = await visit(launched.launch, served.url);
  await page.check("#part-f");
  await editor(page).click();
  await page.keyboard.type("Sam will have regular access to support from staff as appropriate.");
  await judged(page, /1 statement judged, 1 with something to look at/);
  const marks = page.locator("#editor .cp-mark");
  await marks.filter({ hasText: "as appropriate" }).waitFor();
  assert.ok((await marks.allTextContents()).includes("regular"));
  // A mark is seen only if it is drawn: a picture in a style would not be.
  const drawn = await marks.first().evaluate((mark) => {
    const style = getComputedStyle(mark);
    return [style.textDecorationLine, style.backgroundImage, style.backgroundColor];
  });
  assert.equal(drawn[0], "underline");
  assert.equal(drawn[1], "none");
  assert.notEqual(drawn[2], "rgba(0, 0, 0, 0)");
  assert.equal(await page.locator(".cp-card .govuk-tag--red").first().textContent(), "not specific enough");
  const states = await page.locator(".cp-card .cp-chips").first().locator("li").evaluateAll((chips) => chips.map((c) => [c.dataset.criterion, c.dataset.state]));
  assert.deepEqual(Object.fromEntries(states).frequency, "missing");

  const values = { "role": "A teaching assistant", "qualification": "a teaching assistant trained in sign", "minutes": "20 minutes", "times": "twice a week", "named": "the reading programme of the school, one page read aloud and talked over", "group": "1:1", "size": "1:1" };
  const blanks = page.locator(".cp-write").first().locator(".cp-blank");
  const count = await blanks.count();
  assert.ok(count >= 3, `${count} blanks`);
  for (let i = 0; i < count; i++) {
    const name = (await blanks.nth(i).getAttribute("placeholder")) ?? "";
    const key = Object.keys(values).find((key) => name.includes(key));
    await blanks.nth(i).fill(key ? values[key] : "2");
  }
  await page.waitForSelector(".cp-again [data-verdict=specific]");
  assert.match(await page.locator(".cp-again").first().textContent(), /nothing left to fill/);
  await page.locator(".cp-write button", { hasText: "Put it in the text" }).first().click();
  await judged(page, /1 statement judged/);
  await page.waitForSelector(".cp-card.cp-good");
  assert.match(await editor(page).textContent(), /20 minutes twice a week/);
  const moved = Number(await page.locator("[data-moved]").getAttribute("data-moved"));
  assert.ok(moved > 20, `the score moved by ${moved}`);
  assert.deepEqual(seen.errors, []);
  const hosts = new Set(seen.requests.map((url) => new URL(url).host));
  assert.deepEqual([...hosts], [new URL(served.url).host], "no other host is asked");
});

test("verdict, SMART chips, help with law, undecided and the tally", async () => {
  const { page, seen } = await visit(launched.launch, served.url);
  await page.click("#example");
  await judged(page, /4 statements judged/);
  const outcome = page.locator(".cp-card").first();
  assert.match(await outcome.locator("h3").textContent(), /E\.1.*vague/);
  assert.deepEqual(
    await outcome.locator(".cp-chips li").evaluateAll((chips) => chips.map((chip) => chip.textContent.replace(/[^SMART ]/g, "").trim()[0])),
    ["S", "M", "A", "R", "T"],
  );
  const help = outcome.locator("details.cp-help").first();
  await help.locator("summary").click();
  await help.locator(".govuk-details__text").waitFor();
  const text = await help.textContent();
  for (const piece of ["Instead of:", "Write:", "Law and guidance:"]) assert.ok(text.includes(piece), `${piece} in ${text}`);
  assert.match(await help.locator("a").first().getAttribute("href"), /^https?:\/\//);
  assert.ok(await outcome.locator("mark").count(), "the faulted words are marked in the card too");
  await page.waitForSelector("#tally:not([hidden]) li", { timeout: 10_000 });
  assert.match(await page.locator("#tally li").first().textContent(), /in \d+ of 4 statements/);
  assert.deepEqual(seen.errors, []);
  await page.close();
});

test("the keyboard alone: from the first tab to a finding's advice", async () => {
  const { page } = await visit(launched.launch, served.url);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "govuk-skip-link");
  for (let i = 0; i < 12 && !(await page.evaluate(() => document.activeElement.classList.contains("cm-content"))); i++) {
    await page.keyboard.press("Tab");
  }
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains("cm-content")), "tab reaches the editor");
  await page.keyboard.type("Sam will be more confident and happier.");
  await page.locator("#editor .cp-mark", { hasText: "more confident" }).waitFor();
  await page.keyboard.press("F8");
  assert.match(await page.locator("#where").textContent(), /^Finding 1 of \d+: /);
  assert.match(await page.evaluate(() => getSelection().toString()), /confident/, "its words are selected");
  await page.keyboard.press("F8");
  await page.keyboard.press("Shift+F8");
  assert.match(await page.locator("#where").textContent(), /^Finding 1 of/);
  await page.keyboard.press("Alt+Enter");
  assert.ok(await page.evaluate(() => document.activeElement.matches(".cp-findings > li")), "the advice has the focus");
  // And out of the editor again.
  await editor(page).focus();
  await page.keyboard.press("Tab");
  assert.ok(!(await page.evaluate(() => document.activeElement.classList.contains("cm-content"))), "tab leaves the editor");
});

test("a server that has gone is said so, and the text stays", async () => {
  const gone = await serve("--model", "rules");
  const { page } = await visit(launched.launch, gone.url);
  await gone.stop();
  await editor(page).click();
  await page.keyboard.type("Sam will be more confident.");
  await page.waitForSelector("#problem .govuk-error-summary");
  assert.match(await page.locator("#problem").textContent(), /does not answer/);
  assert.match(await editor(page).textContent(), /more confident/);
});

test("axe finds nothing wrong on any page, light and dark, wide and narrow", async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
      const { page, context } = await visit(launched.launch, served.url, { colorScheme, viewport: { width, height: 844 } });
      assert.deepEqual(await violations(page), [], `empty page, ${colorScheme}, ${width}`);
      await page.click("#example");
      await judged(page, /4 statements judged/);
      await page.locator("details.cp-help summary").first().click();
      await page.waitForSelector("#tally:not([hidden])");
      assert.deepEqual(await violations(page), [], `with findings, ${colorScheme}, ${width}`);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wider <= 0, `the page is ${wider} px wider than the window at ${width}`);
      await picture(page, `${process.env.OUT ?? "target/browser"}/write-${width}-${colorScheme}.png`);
      for (const path of ["/rules", "/rules/provision/open-frequency", "/nowhere"]) {
        page.once("dialog", (dialog) => dialog.accept());
        await page.goto(served.url + path);
        assert.deepEqual(await violations(page), [], `${path}, ${colorScheme}, ${width}`);
      }
      await page.goto(`${served.url}/rules/provision/open-frequency`);
      await picture(page, `${process.env.OUT ?? "target/browser"}/rule-${width}-${colorScheme}.png`);
      await context.close();
    }
  }
});
