// This is one statement with all that is said of it.

import type { Finding, Rule, Span, Statement, Told, Words } from "./api";
import { h, hidden } from "./dom";
import { Suggestion } from "./suggestion";

export interface Around {
  words: Words;
  rules: Map<string, Rule>;
  setting: () => string;
  /** Puts a wording into the text or the plan; absent where that cannot be done. */
  use: (statement: Statement, told: Told, text: string) => void;
  /** What the button for that says. */
  useLabel: string;
  /** Goes to the words in the text; null where the plan is shown as cards only. */
  show: ((span: Span) => void) | null;
}

const SEVERITY = { error: "Error", warning: "Warning", note: "Note" } as const;
const COLOUR = { error: "red", warning: "yellow", note: "blue" } as const;

export class Card {
  readonly element: HTMLElement;
  readonly findings: HTMLElement[] = [];
  private readonly id: HTMLElement;
  private readonly place: HTMLElement;
  private told: Told;

  constructor(
    public statement: Statement,
    told: Told,
    private readonly around: Around,
    level: "h3" | "h4",
  ) {
    this.told = told;
    this.id = h("span", {}, statement.id);
    this.place = h("span", { class: "cp-dim" });
    const name = `${anchor(statement.id)}-${++Card.made}`;
    const low = statement.confidence === "low";
    const colour = low ? "yellow" : told.good ? "green" : "red";
    const heading = h(
      level,
      { class: "govuk-heading-s cp-card-title", id: name, tabindex: "-1" },
      this.id,
      h("span", { class: `govuk-tag govuk-tag--${colour}` }, told.verdict),
      low && h("span", { class: "govuk-tag govuk-tag--grey" }, "undecided: look yourself"),
    );
    const card = h("article", { class: `cp-card ${told.good ? "cp-good" : "cp-vague"}`, "aria-labelledby": name }, heading);
    card.append(this.place);
    statement.context.forEach((inherited, i) => {
      card.append(h("p", { class: "govuk-body-s cp-dim" }, `${told.context[i] ?? ""}: ${inherited.text}`));
    });
    card.append(h("blockquote", { class: "cp-words" }, ...pieces(statement, told)));
    const findings = statement.findings ?? [];
    if (findings.length) {
      const list = h("ul", { class: "govuk-list cp-findings" });
      // Those at words first, by number; then those about the whole statement.
      const order = findings.map((_, i) => i).sort((a, b) => (told.numbers[a] ?? 999) - (told.numbers[b] ?? 999));
      for (const i of order) {
        const finding = findings[i];
        if (finding) list.append(this.finding(finding, i));
      }
      card.append(list);
    }
    card.append(chips(statement, around.words));
    if (statement.suggestion && told.blanks.length) {
      card.append(new Suggestion(statement, told, around, (text) => around.use(this.statement, this.told, text)).element);
    }
    this.element = card;
    this.update(statement, told);
  }

  private static made = 0;

  /** The same statement with the same findings, at another place. */
  update(statement: Statement, told: Told): void {
    this.statement = statement;
    this.told = told;
    this.id.textContent = statement.id;
    this.place.textContent = `${statement.kind}, ${told.place}`;
  }

  focus(finding?: number): void {
    const item = finding === undefined ? null : this.findings[finding];
    (item ?? this.element.querySelector<HTMLElement>(".cp-card-title"))?.focus();
  }

  private finding(finding: Finding, i: number): HTMLElement {
    const number = this.told.numbers[i];
    const rule = this.around.rules.get(finding.rule);
    const help = h("details", { class: "govuk-details cp-help" });
    if (rule) {
      help.append(h("summary", { class: "govuk-details__summary" }, h("span", { class: "govuk-details__summary-text" }, "Why", hidden(`: ${rule.summary}`))));
      // Most are never opened.
      help.addEventListener("toggle", () => help.childElementCount > 1 || help.append(explained(rule)), { once: true });
    }
    const item = h(
      "li",
      { tabindex: "-1", "data-rule": finding.rule, "data-severity": finding.severity },
      h("span", { class: "cp-number", "aria-hidden": true }, number ? String(number) : "•"),
      h(
        "div",
        {},
        h("strong", { class: `govuk-tag govuk-tag--${COLOUR[finding.severity]} cp-severity` }, SEVERITY[finding.severity]),
        " ",
        finding.message,
        rule ? help : null,
      ),
    );
    const show = this.around.show;
    if (show) {
      const go = () => {
        const span = this.told.marks?.[i];
        if (span) show(span);
      };
      item.addEventListener("click", (event) => {
        if (!(event.target as HTMLElement).closest("details")) go();
      });
    }
    this.findings[i] = item;
    return item;
  }
}

/** What a rule says, as on its own page. */
function explained(rule: Rule): HTMLElement {
  const out = h("div", { class: "govuk-details__text" }, h("p", {}, rule.why), h("p", {}, rule.advice));
  const example = rule.bad.filter((bad) => bad.better).slice(0, 2);
  for (const bad of example.length ? example : rule.bad.slice(0, 1)) {
    const faulted = bad.text.split(/[«»]/).map((piece, i) => (i % 2 ? h("mark", { class: `cp-${rule.severity}` }, piece) : piece));
    out.append(h("p", {}, h("strong", {}, bad.better ? "Instead of: " : "Vague: "), ...faulted));
    if (bad.better) out.append(h("p", {}, h("strong", {}, "Write: "), bad.better));
  }
  const link = /^https?:/.test(rule.source.url);
  const away = { class: "govuk-link", href: rule.source.url, target: "_blank", rel: "noreferrer noopener" };
  out.append(
    h("p", {}, h("strong", {}, "Law and guidance: "), link ? h("a", away, rule.source.title, " (opens in a new tab)") : rule.source.title),
    h("p", {}, h("a", { class: "govuk-link", href: `/rules/${rule.id}`, target: "_blank" }, "All examples of this rule (opens in a new tab)")),
  );
  return out;
}

/** The sentence cut at its findings, each stretch marked by the gravest that covers it and followed by their numbers. */
function pieces(statement: Statement, told: Told): Node[] {
  // Offsets of the contract count code points.
  const letters = Array.from(statement.text);
  const marks = (statement.findings ?? []).map((f, i) => ({ ...f, number: told.numbers[i] })).filter((f) => f.number != null);
  const cuts = [...new Set([0, letters.length, ...marks.flatMap((f) => [f.start, f.end])])].sort((a, b) => a - b);
  const out: Node[] = [];
  const rank = { error: 3, warning: 2, note: 1 } as const;
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [from, to] = [cuts[i] ?? 0, cuts[i + 1] ?? 0];
    const text = letters.slice(from, to).join("");
    const over = marks.filter((f) => f.start <= from && to <= f.end);
    const worst = over.sort((a, b) => rank[b.severity] - rank[a.severity])[0];
    if (!worst) {
      out.push(document.createTextNode(text));
      continue;
    }
    out.push(h("mark", { class: `cp-${worst.severity}` }, text));
    for (const f of over.filter((f) => f.end === to).sort((a, b) => (a.number ?? 0) - (b.number ?? 0))) {
      out.push(h("sup", {}, hidden(" finding "), String(f.number)));
    }
  }
  return out;
}

/** Criterion by criterion: a letter for an outcome, words for provision; never colour alone. */
export function chips(judged: { kind?: string; criteria?: Statement["criteria"] }, words: Words): HTMLElement {
  const list = h("ul", { class: "cp-chips", "aria-label": judged.kind === "outcome" ? "SMART" : "What it says" });
  for (const { criterion, state } of judged.criteria ?? []) {
    const [mark, means] = words.states[state] ?? ["", state];
    const name = words.criteria[criterion] ?? criterion;
    list.append(
      h(
        "li",
        { class: `cp-${state}`, "data-criterion": criterion, "data-state": state },
        h("span", { "aria-hidden": true }, mark, " "),
        judged.kind === "outcome" && h("b", { "aria-hidden": true }, `${name[0] ?? ""} `),
        judged.kind === "outcome" ? h("span", { class: "cp-chip-name" }, name) : name,
        hidden(`: ${means}`),
      ),
    );
  }
  return list;
}

export function anchor(id: string): string {
  return `statement-${id.replace(/[^A-Za-z0-9]/g, "-")}`;
}
