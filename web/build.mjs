// Builds the page's assets into built/, which is committed: `npm run build`. With --check it only tells whether they are
// what the sources build to.

import { readFileSync, readdirSync, writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import * as sass from "sass";

const root = import.meta.dirname;

const script = await build({
  absWorkingDir: root,
  entryPoints: ["src/main.ts"],
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome109", "edge109", "firefox115", "safari16"],
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  write: false,
});

const style = sass.compile(join(root, "src/page.scss"), {
  style: "compressed",
  loadPaths: [join(root, "node_modules")],
  importers: [new sass.NodePackageImporter(root)],
  quietDeps: true,
});

/** The licence of everything that went into the bundle, by what esbuild says that it took. */
function notices() {
  const taken = Object.values(script.metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  const names = taken.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter(Boolean);
  const parts = [...new Set([...names, "govuk-frontend"])].sort().map((name) => {
    const folder = join(root, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (license !== "MIT") throw new Error(`${name} is under ${license}: look at it, then let build.mjs know`);
    const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    const text = file ? readFileSync(join(folder, file), "utf8").trim() : `${license}`;
    return `${name} ${version} (${license})\n\n${text.replace(/\r\n/g, "\n")}`;
  });
  const head = `clearplan's page holds these packages, with thanks to their authors. Its look follows the GOV.UK Design System;
it is no service of the government and uses neither its crown nor its typeface.`;
  return [head, ...parts].join(`\n\n${"-".repeat(72)}\n\n`) + "\n";
}

const made = {
  "page.js": script.outputFiles[0].text,
  "page.css": `${style.css.replace(/^\uFEFF/, "")}\n`,
  "icon.svg": readFileSync(join(root, "src/icon.svg"), "utf8"),
  "notices.txt": notices(),
};

let stale = false;
for (const [name, text] of Object.entries(made)) {
  const path = join(root, "built", name);
  if (process.argv.includes("--check")) {
    if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
    console.error(`web/built/${name} is not what web/src builds to; run npm run build in web/ and commit it`);
    stale = true;
  } else {
    writeFileSync(path, text);
    console.log(`built/${name}: ${(text.length / 1024).toFixed(0)} kB`);
  }
}
process.exit(stale ? 1 : 0);
