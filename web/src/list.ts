// This is the list of statements: what did not change keeps its card, and with it whatever is being filled in there.

import type { Plan, Statement, Told } from "./api";
import { anchor, type Around, Card } from "./card";
import { h } from "./dom";
import type { Filters } from "./filters";

/** Cards made at once. Those of a long plan are made as the reader comes near them: nobody reads thousands at a glance. */
const SLICE = 40;

export class List {
  private cards = new Map<string, Card[]>();
  private shown: Card[] = [];
  /** What is still to be made, in order. */
  private wanted: (() => Node)[] = [];
  private findings = 0;
  private at = -1;
  private readonly end = h("button", { type: "button", class: "govuk-button govuk-button--secondary", click: () => this.more() }, "Show more");

  constructor(private readonly element: HTMLElement) {
    element.after(this.end);
    this.end.hidden = true;
    new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.more(), {
      rootMargin: "1500px",
    }).observe(this.end);
  }

  clear(): void {
    this.cards = new Map();
    this.shown = [];
    this.wanted = [];
    this.at = -1;
    this.end.hidden = true;
    this.element.replaceChildren();
  }

  /** Shows the statements of a plan; where `filters` is null all that are judged. */
  show(plan: Plan, around: Around, filters: Filters | null): void {
    const before = this.cards;
    this.cards = new Map();
    this.shown = [];
    this.wanted = [];
    this.findings = 0;
    this.at = -1;
    plan.check.sections.forEach((section, i) => {
      const statements = section.statements.filter((s) => s.criteria && (filters?.shows(s) ?? true));
      if (!statements.length) return;
      if (filters) this.wanted.push(() => h("h3", { class: "govuk-heading-m cp-section", id: `section-${i}`, tabindex: "-1" }, plan.titles[i] ?? ""));
      for (const statement of statements) {
        const told = plan.told[statement.id];
        this.findings += (statement.findings ?? []).filter((finding) => filters?.counts(finding) ?? true).length;
        if (told) this.wanted.push(() => this.card(statement, told, before, around, filters ? "h4" : "h3"));
      }
    });
    // As far as the reader had come, and whoever stands in a card that stays is left there.
    const many = Math.max(SLICE, this.element.childElementCount);
    settle(this.element, this.wanted.splice(0, many).map((make) => make()));
    this.end.hidden = this.wanted.length === 0;
  }

  private more(): void {
    this.element.append(...this.wanted.splice(0, SLICE).map((make) => make()));
    this.end.hidden = this.wanted.length === 0;
  }

  /** The heading of a section, made if it was not yet. */
  section(i: number): HTMLElement | null {
    while (!document.getElementById(`section-${i}`) && this.wanted.length) this.more();
    return document.getElementById(`section-${i}`);
  }

  private card(statement: Statement, told: Told, before: Map<string, Card[]>, around: Around, level: "h3" | "h4"): Node {
    const { id, ...said } = statement;
    const key = JSON.stringify([level, { ...said, place: null }, told.context, told.blanks, around.rules.size]);
    const old = before.get(key)?.shift();
    const card = old ?? new Card(statement, told, around, level);
    card.update(statement, told);
    card.element.id = `card-${anchor(id)}`;
    const kept = this.cards.get(key);
    if (kept) kept.push(card);
    else this.cards.set(key, [card]);
    this.shown.push(card);
    return card.element;
  }

  /** The card of a statement, made if it was not yet. */
  find(id: string): Card | undefined {
    const card = () => this.shown.find((card) => card.statement.id === id);
    while (!card() && this.wanted.length) this.more();
    return card();
  }

  /** The next finding that is shown, or the one before: focused, and which of how many it is. */
  walk(by: 1 | -1, filters: Filters): { at: number; of: number } | null {
    const listed = () => this.shown.flatMap((card) => (card.statement.findings ?? []).flatMap((f, i) => (filters.counts(f) ? [{ card, i }] : [])));
    let all = listed();
    if (!all.length) return null;
    const focused = document.activeElement?.closest<HTMLElement>(".cp-findings > li, .cp-card");
    const here = focused ? all.findIndex(({ card, i }) => card.findings[i] === focused) : -1;
    if (here >= 0) this.at = here;
    const to = this.at < 0 && by < 0 ? -1 : this.at + by;
    while (this.wanted.length && (to >= all.length || to < 0)) {
      this.more();
      all = listed();
    }
    this.at = (to + all.length) % all.length;
    const { card, i } = all[this.at] ?? {};
    if (card && i !== undefined) {
      card.element.scrollIntoView({ block: "nearest" });
      card.focus(i);
    }
    return { at: this.at + 1, of: this.findings };
  }
}

/** Makes the children of `parent` those in `wanted`, moving as little as possible: what moves loses the focus. */
function settle(parent: HTMLElement, wanted: Node[]): void {
  const keep = new Set(wanted);
  for (const child of [...parent.childNodes]) if (!keep.has(child)) child.remove();
  let next = parent.firstChild;
  for (const node of wanted) {
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  }
}
