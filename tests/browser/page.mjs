// The running server, a browser and what the tests ask of both.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import axe from "axe-core";
import { chromium } from "playwright-core";

export const out = process.env.OUT ?? "target/browser";
export const binary = process.env.CLEARPLAN ?? "target/debug/clearplan";

/** Starts `clearplan serve` on a free port. */
export async function serve(...options) {
  const child = spawn(binary, ["serve", "--listen", "127.0.0.1:0", ...options], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (data) => (said += data));
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise((resolve, reject) => {
    lines.on("line", (line) => /http:\/\/\S+/.test(line) && resolve(/http:\/\/\S+/.exec(line)[0]));
    child.on("exit", () => reject(new Error(`the server ended: ${said}`)));
  });
  return {
    url,
    pid: child.pid,
    /** Stops it; gives what it wrote on standard error. */
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners("exit");
        child.on("exit", () => resolve(said));
        child.kill("SIGTERM");
      }),
  };
}

/** A browser that asks nobody for updates; its profile is empty and goes away. */
export async function browser() {
  const profile = mkdtempSync(join(tmpdir(), "clearplan-browser-"));
  const launched = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--crash-dumps-dir=${profile}`,
    ],
  });
  return { launch: launched, close: async () => (await launched.close(), rmSync(profile, { recursive: true, force: true })) };
}

/** A page on which every request, console error and violation of the policy is remembered. */
export async function visit(launched, url, options = {}) {
  const context = await launched.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const seen = { requests: [], errors: [] };
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("console", (message) => message.type() === "error" && seen.errors.push(message.text()));
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  await page.goto(url);
  if (await page.locator("#app").count()) await page.waitForSelector("#app:not([hidden])");
  return { page, seen, context };
}

/** What axe finds wrong, in few words. */
export async function violations(page) {
  // axe is put in by the browser's own door: the page's policy would not load it.
  await page.evaluate(axe.source);
  const found = await page.evaluate(() =>
    axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  return found.violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.target.join(" ")} ${node.failureSummary}`));
}

/** The value below which this share of the numbers lies. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

export const editor = (page) => page.locator("#editor .cm-content");

/** Waits until the text is judged and says so. */
export async function judged(page, pattern) {
  await page.waitForFunction((source) => new RegExp(source).test(document.getElementById("summary").textContent), pattern.source, {
    timeout: 60_000,
  });
  // Marks come first; suggestions follow.
  await page.waitForSelector("#statements:not([aria-busy=true])", { state: "attached", timeout: 60_000 });
}

/** A picture for people to look at: only where CLEARPLAN_PICTURES is set, since drawing a long page takes long on a busy machine. */
export async function picture(page, path) {
  if (process.env.CLEARPLAN_PICTURES) await page.screenshot({ path, fullPage: true, timeout: 180_000 });
}
