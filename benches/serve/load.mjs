// Two hundred writers at once: each types into a plan of its own and asks once a second, for a minute. Prints how long the
// answers took and how the server's memory went. Ends with status 1 where an answer failed or was late.
//
//   node benches/serve/load.mjs [BINARY] [WRITERS] [SECONDS] [OPTIONS OF SERVE ...]

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const [binary = "target/release/clearplan", writers = "200", seconds = "60", ...options] = process.argv.slice(2);
/** Milliseconds for 99 of 100 answers. */
const LIMIT = 300;

const server = spawn(binary, ["serve", "--listen", "127.0.0.1:0", ...options], { stdio: ["ignore", "pipe", "inherit"] });
const url = await new Promise((resolve, reject) => {
  createInterface({ input: server.stdout }).on("line", (line) => /http:\/\/\S+/.test(line) && resolve(new URL(/http:\/\/\S+/.exec(line)[0])));
  server.on("exit", () => reject(new Error("the server did not start")));
});

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
const took = [];
let failed = 0;

function ask(text) {
  const body = JSON.stringify({ text, section: "F" });
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const began = performance.now();
  return new Promise((resolve) => {
    const done = (good) => {
      if (good) took.push(performance.now() - began);
      else failed++;
      resolve();
    };
    const asked = request({ host: url.hostname, port: url.port, path: "/api/text", method: "POST", agent, headers }, (answer) => {
      let bytes = 0;
      answer.on("data", (data) => (bytes += data.length));
      answer.on("end", () => done(answer.statusCode === 200 && bytes > 200));
    });
    asked.on("error", () => done(false));
    asked.end(body);
  });
}

function memory() {
  const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024);
}

const WORDS = "will have regular help from a teaching assistant with reading for twenty minutes every week in class when needed".split(" ");

/** One writer: some twenty statements, and one more that grows by a word a second. */
async function write(number, end) {
  const settled = Array.from({ length: 20 }, (_, i) => `Child ${number} will practise skill ${i} with a nurse for ${i + 5} minutes every Monday at school.`);
  let typed = `Child ${number}`;
  await sleep((number / Number(writers)) * 1000);
  for (let i = 0; performance.now() < end; i++) {
    const next = performance.now() + 1000;
    typed += ` ${WORDS[i % WORDS.length]}`;
    if (i % WORDS.length === WORDS.length - 1) {
      settled[i % 20] = `${typed}.`;
      typed = `Child ${number} again`;
    }
    await ask([...settled, typed].join("\n\n"));
    const left = next - performance.now();
    if (left > 0) await sleep(left);
  }
}

// The first time each plan is seen, all of it is judged: that is the opening of a plan, not the typing.
await sleep(500);
const rss = [memory()];
const opened = performance.now();
await Promise.all(Array.from({ length: Number(writers) }, (_, n) => write(n, 0).then(() => ask(Array.from({ length: 20 }, (_, i) => `Child ${n} will practise skill ${i} with a nurse for ${i + 5} minutes every Monday at school.`).join("\n\n")))));
console.log(`${writers} plans opened at once in ${((performance.now() - opened) / 1000).toFixed(1)} s`);
took.length = 0;
const end = performance.now() + Number(seconds) * 1000;
const watch = setInterval(() => rss.push(memory()), 5000);
await Promise.all(Array.from({ length: Number(writers) }, (_, n) => write(n, end)));
clearInterval(watch);
rss.push(memory());
took.sort((a, b) => a - b);
const at = (share) => took[Math.min(took.length - 1, Math.ceil(share * took.length) - 1)];
console.log(`${took.length} answers, ${failed} failed, in ${seconds} s: p50 ${at(0.5).toFixed(0)} ms, p95 ${at(0.95).toFixed(0)} ms, p99 ${at(0.99).toFixed(0)} ms, longest ${at(1).toFixed(0)} ms`);
console.log(`memory of the server, MiB: ${rss.join(" ")}`);
agent.destroy();
server.kill("SIGTERM");
process.exitCode = failed || at(0.99) > LIMIT ? 1 : 0;
