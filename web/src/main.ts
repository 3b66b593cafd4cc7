// This is the page: what is typed or opened is judged by the server that the page came from, and shown.

import { ask, type Page, type Plan, type Rule } from "./api";
import type { Around } from "./card";
import { by, count, h } from "./dom";
import { Editor, type Mark } from "./editor";
import { Filters } from "./filters";
import { List } from "./list";
import { Scores } from "./scores";
import { Tally } from "./tally";
import { whole } from "./whole";

/** The pause in the typing after which the text is judged, in milliseconds. A busy server is asked no more often: a page asks
 *  again only when it has been answered. */
const PAUSE = 20;
/** From the opening of a plan until it is worth while to show a first look at it, in milliseconds. */
const GLANCE = 600;
/** From the last key until what is missing counts for the tally. */
const SETTLED = 2000;
/** Milliseconds of a pause after which suggestions are asked for that were left out. */
const FINISH = 150;

const EXAMPLE = `Section E: Outcomes

By the end of Year 6, Sam will be more confident in class.

By the end of Year 6, Sam will ask an adult for help in words in 4 of 5 lessons, without a prompt.

Section F: Provision

Sam will have regular access to support from staff as appropriate.

A speech and language therapist will teach Sam to sign 20 new words, 1:1, for 30 minutes every week.
`;

const app = by("app");
const rules = new Map<string, Rule>();
const setting = by<HTMLSelectElement>("setting");
const summary = by("summary");
const problem = by("problem");
const list = new List(by("statements"));
const scores = new Scores(by("scores"), () => {
  scores.forget();
  if (page) scores.show(first(page), page.words);
});
const tally = new Tally(by("tally"), by("tally-list"));
const filters = new Filters(by("filters"), () => show());

let page: Page | null = null;
/** The plan that is open, with the wordings that were chosen for its statements; null while a text is written. */
let open: { file: File; instead: Record<string, string>; which: number } | null = null;
/** True while only the rules have looked at it. */
let glancing = false;
let loads = 0;
let settled = 0;

const editor = new Editor(by("editor"), app.dataset["nonce"] ?? "", typed, {
  walk: (step) => walk(step),
  advice: () => {
    const mark = editor.here();
    if (mark) list.find(mark.statement)?.focus(mark.finding);
  },
});

// ---- A text that is typed

let changed_at = 0;
let waiting = 0;
let finishing = 0;
let asking = false;

function typed(): void {
  changed_at = performance.now();
  clearTimeout(waiting);
  clearTimeout(finishing);
  if (!asking) waiting = window.setTimeout(() => void judge(), PAUSE);
}

async function judge(): Promise<void> {
  const text = editor.text();
  const changed = changed_at;
  asking = true;
  try {
    const said = await ask.text(text, part(), setting.value, true);
    if (open) return;
    if (text === editor.text()) {
      page = said;
      complain("");
      show();
      // Measured from the last key to the frame in which the marks are seen.
      requestAnimationFrame(() => performance.measure("clearplan:marked", { start: changed, end: performance.now() }));
      clearTimeout(settled);
      settled = window.setTimeout(() => count_in("text"), SETTLED);
      clearTimeout(finishing);
      if (said.unfinished) finishing = window.setTimeout(() => void finish(text), FINISH);
    }
  } catch (error) {
    complain(error);
  } finally {
    asking = false;
    if (!open && text !== editor.text()) typed();
  }
}

/** Brings the suggestions that were left out so that the marks came soon. */
async function finish(text: string): Promise<void> {
  try {
    const said = await ask.text(text, part(), setting.value, false);
    if (open || asking || text !== editor.text()) return;
    page = said;
    show();
  } catch (error) {
    complain(error);
  }
}

function part(): "E" | "F" {
  return by<HTMLInputElement>("part-f").checked ? "F" : "E";
}

function count_in(source: string): void {
  if (!page) return;
  tally.add(source, first(page));
  tally.show(page.words);
}

// ---- A plan that is opened

async function load(file: File): Promise<void> {
  const most = Number(app.dataset["mostFile"]);
  if (file.size > most) {
    complain(`${file.name} is larger than ${Math.floor(most / 1048576)} MB, and no plan is; check that it is the plan, or split it.`);
    return;
  }
  const same = open?.file === file;
  const turn = ++loads;
  const before = same && open ? open : { file, instead: {}, which: 0 };
  summary.textContent = `Reading ${file.name} …`;
  let settled = false;
  const full = ask.plan(file, setting.value, before.instead, false).finally(() => (settled = true));
  try {
    if (!same) {
      await Promise.race([full, new Promise((go) => setTimeout(go, GLANCE))]);
      if (!settled) {
        const glance = await ask.plan(file, setting.value, before.instead, true).catch(() => null);
        if (glance?.plans.length && !settled && turn === loads) take(glance, before, true);
      }
    }
    const said = await full;
    if (turn !== loads) return;
    if (!said.plans.length) throw new Error(`${file.name} has no plan in it.`);
    take(said, before, false);
    count_in(file.name);
  } catch (error) {
    if (turn !== loads) return;
    full.catch(() => {});
    complain(error);
    if (page) say();
    else summary.textContent = "Nothing yet. Findings appear here while you type.";
  }
}

/** Shows what is said of a plan: at a glance, or in full. */
function take(said: Page, plan: NonNullable<typeof open>, glance: boolean): void {
  const began = performance.now();
  const first_time = open?.file !== plan.file;
  if (first_time) {
    list.clear();
    filters.reset();
  }
  // A first look is no "before": what moves then is not the writer's doing.
  if (first_time || glancing) scores.forget();
  glancing = glance;
  open = { ...plan, which: Math.min(plan.which, said.plans.length - 1) };
  page = said;
  complain("");
  mode();
  show(() => performance.measure(glance ? "clearplan:glanced" : "clearplan:loaded", { start: began, end: performance.now() }));
  if (first_time) by("said-heading").focus();
}

function close(): void {
  loads++;
  glancing = false;
  open = null;
  page = null;
  list.clear();
  scores.forget();
  filters.reset();
  by<HTMLInputElement>("file").value = "";
  summary.textContent = "Nothing yet. Findings appear here while you type.";
  mode();
  by("notes").replaceChildren();
  by("contents").replaceChildren();
  by("walk").hidden = true;
  editor.view.focus();
  if (editor.text()) void judge();
}

/** One column for a plan, two for a text and what is said of it. */
function mode(): void {
  by("columns").classList.toggle("cp-plan", open !== null);
  by("left").hidden = open !== null;
  const actions = by("actions");
  actions.replaceChildren();
  if (!open) return;
  const { file } = open;
  const ending = /\.(docx|odt)$/i.exec(file.name)?.[1]?.toLowerCase();
  const what = { docx: "Download it with comments (Word)", odt: "Download it with comments (OpenDocument)" }[ending ?? ""];
  const download = h("button", { type: "button", class: "govuk-button", id: "download", click: () => void save(file, download) }, what ?? "Download a marked copy");
  actions.append(download, h("button", { type: "button", class: "govuk-button govuk-button--secondary", id: "close", click: close }, "Close the plan"));
}

async function save(file: File, button: HTMLButtonElement): Promise<void> {
  button.setAttribute("aria-disabled", "true");
  try {
    const [copy, name] = await ask.annotated(file, setting.value);
    const link = h("a", { href: URL.createObjectURL(copy), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    complain("");
  } catch (error) {
    complain(error);
  }
  button.removeAttribute("aria-disabled");
}

// ---- What is shown

function first(page: Page): Plan {
  const plan = page.plans[open?.which ?? 0] ?? page.plans[0];
  if (!plan) throw new Error("the server answered with no plan");
  return plan;
}

function show(done: () => void = () => {}): void {
  if (!page) return;
  const plan = first(page);
  say();
  by("notes").replaceChildren(
    ...plan.check.notes
      .filter((note) => open || note.kind !== "empty")
      .map((note) => h("p", { class: "govuk-inset-text" }, note.page ? `Page ${note.page}: ` : "", note.message)),
  );
  scores.show(plan, page.words);
  const around: Around = {
    words: page.words,
    rules,
    setting: () => setting.value,
    useLabel: open ? "Try it in the plan" : "Put it in the text",
    use: (statement, told, text) => {
      if (open) {
        open.instead[statement.id] = text;
        void load(open.file);
      } else if (told.at) editor.replace(told.at, text);
    },
    show: open ? null : (span) => editor.select(span),
  };
  if (open) filters.offer(plan, rules);
  list.show(plan, around, open ? filters : null);
  // Suggestions follow.
  by("statements").setAttribute("aria-busy", String(page.unfinished && !open));
  contents(plan);
  // While somebody writes, the other sections may not be there yet.
  if (open) {
    whole(by("whole"), plan, (id) => {
      const card = list.find(id);
      card?.element.scrollIntoView();
      card?.focus();
    });
  } else by("whole").replaceChildren();
  const findings = plan.check.sections.flatMap((s) => s.statements).flatMap((s) => s.findings ?? []);
  by("walk").hidden = findings.length === 0;
  by("where").textContent = "";
  if (!open) editor.mark(marks(plan));
  requestAnimationFrame(done);
}

function say(): void {
  if (!page) return;
  const plan = first(page);
  let text: string;
  if (plan.judged) {
    const judged = count(plan.judged, "statement judged", "statements judged");
    text = `${judged}, ${plan.with_findings || "none"} with something to look at: ${plan.findings}.`;
    if (!plan.with_findings) text = `${judged}: nothing to report.`;
  } else if (open) text = "No outcome or provision was found in it.";
  else if (editor.text().trim()) text = "No outcome or provision yet. Write whole sentences, or say above what the text is.";
  else text = "Nothing yet. Findings appear here while you type.";
  if (open) text = `${plan.check.document}: ${text}`;
  if (glancing) text += " This is a first look; the full reading follows in a moment.";
  // Said again only when it is something new: a screen reader reads out every change.
  if (summary.textContent !== text) summary.textContent = text;
}

/** The sections of an open plan with their scores, each a link. */
function contents(plan: Plan): void {
  const place = by("contents");
  if (!open) return place.replaceChildren();
  const score = new Map(plan.check.scores.sections.map((s) => [s.section, s]));
  const items = plan.check.sections.flatMap((section, i) => {
    const judged = section.statements.filter((s) => s.criteria);
    if (!judged.length) return [];
    const look = judged.filter((s) => s.findings?.length).length;
    const points = score.get(section.section)?.score;
    const text = `${look ? `${look} of ${judged.length} to look at` : "nothing to look at"}${points == null ? "" : `, score ${points}`}`;
    const go = (event: Event) => {
      const target = list.section(i);
      event.preventDefault();
      target?.scrollIntoView();
      target?.focus();
    };
    return [h("li", {}, h("a", { class: "govuk-link", href: `#section-${i}`, click: go }, plan.titles[i] ?? ""), h("span", { class: "cp-dim" }, ` ${text}`))];
  });
  const choose = h("select", { class: "govuk-select", id: "which", change: () => {
    if (open) open.which = Number(choose.value);
    list.clear();
    scores.forget();
    show();
  } }, ...(page?.plans ?? []).map((p, i) => h("option", { value: i, selected: i === open?.which }, p.check.document)));
  place.replaceChildren(
    ...((page?.plans.length ?? 0) > 1 ? [h("div", { class: "govuk-form-group" }, h("label", { class: "govuk-label", for: "which" }, "Which plan of the file"), choose)] : []),
    h("nav", { "aria-label": "Sections of the plan" }, h("ul", { class: "govuk-list cp-contents" }, ...items)),
  );
}

function marks(plan: Plan): Mark[] {
  return plan.check.sections
    .flatMap((section) => section.statements)
    .flatMap((statement) => {
      const told = plan.told[statement.id];
      return (statement.findings ?? []).flatMap((finding, i) => {
        const span = told?.marks?.[i];
        // Marking every word of a sentence points at none.
        if (!span || told?.numbers[i] == null) return [];
        return [{ ...span, severity: finding.severity, statement: statement.id, finding: i, message: finding.message }];
      });
    });
}

function walk(by_: 1 | -1): void {
  const where = by("where");
  if (open) {
    const found = list.walk(by_, filters);
    where.textContent = found ? `Finding ${found.at} of ${found.of}` : "Nothing to look at";
    return;
  }
  const found = editor.walk(by_);
  where.textContent = found ? `Finding ${found.at} of ${found.of}: ${found.mark.message}` : "Nothing to look at at any words";
  if (found) list.find(found.mark.statement)?.element.scrollIntoView({ block: "nearest" });
}

function complain(error: unknown): void {
  const text = typeof error === "string" ? error : error instanceof Error ? error.message : String(error);
  const old = problem.textContent ?? "";
  if (!text) return problem.replaceChildren();
  if (!old.includes(text)) problem.replaceChildren(h("div", { class: "govuk-error-summary" }, h("h2", { class: "govuk-error-summary__title" }, "There is a problem"), h("p", { class: "govuk-body" }, text)));
}

// ---- What the writer does

by("example").addEventListener("click", () => {
  scores.forget();
  editor.set(EXAMPLE);
  editor.view.focus();
});
by("clear").addEventListener("click", () => {
  scores.forget();
  editor.set("");
  editor.view.focus();
});
by("next").addEventListener("click", () => walk(1));
by("previous").addEventListener("click", () => walk(-1));
document.addEventListener("keydown", (event) => {
  if (event.key !== "F8" || event.defaultPrevented) return;
  event.preventDefault();
  walk(event.shiftKey ? -1 : 1);
});
const again = () => (open ? void load(open.file) : void judge());
setting.addEventListener("change", again);
for (const id of ["part-e", "part-f"]) by(id).addEventListener("change", again);
by<HTMLInputElement>("file").addEventListener("change", (event) => {
  const file = (event.target as HTMLInputElement).files?.[0];
  if (file) void load(file);
});
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(
    kind,
    (event) => {
      const transfer = (event as DragEvent).dataTransfer;
      if (!transfer?.types.includes("Files")) return;
      // Else the browser leaves the page to show the file, and the text is gone.
      event.preventDefault();
      event.stopPropagation();
      by("drop").classList.toggle("cp-over", kind === "dragenter" || kind === "dragover");
      const file = transfer.files[0];
      if (kind === "drop" && file) void load(file);
    },
    true,
  );
}
// What is written stands on this page only: leaving it loses it.
window.addEventListener("beforeunload", (event) => {
  if (editor.text().trim() && editor.text() !== EXAMPLE) event.preventDefault();
});

app.hidden = false;
editor.view.requestMeasure();
ask.rules().then(
  (all) => {
    for (const rule of all) rules.set(rule.id, rule);
    show();
  },
  (error: unknown) => complain(error),
);
