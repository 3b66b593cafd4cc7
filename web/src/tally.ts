// This is what the writer most often leaves out, counted while the page is open and nowhere else.

import type { Plan, Words } from "./api";
import { count, h } from "./dom";

export class Tally {
  /** By statement, the criteria that were missing when it was looked at. */
  private readonly missing = new Map<string, Set<string>>();

  constructor(
    private readonly section: HTMLElement,
    private readonly list: HTMLElement,
  ) {}

  /** Counts a plan or text; `source` tells it from others. */
  add(source: string, plan: Plan): void {
    for (const statement of plan.check.sections.flatMap((section) => section.statements)) {
      if (!statement.criteria) continue;
      const key = `${source} ${statement.id}`;
      const known = this.missing.get(key) ?? new Set();
      for (const { criterion, state } of statement.criteria) if (state === "missing") known.add(criterion);
      this.missing.set(key, known);
    }
  }

  show(words: Words): void {
    const counts = new Map<string, number>();
    for (const set of this.missing.values()) for (const criterion of set) counts.set(criterion, (counts.get(criterion) ?? 0) + 1);
    const most = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).slice(0, 5);
    this.section.hidden = most.length === 0;
    const of = this.missing.size;
    this.list.replaceChildren(
      ...most.map(([criterion, n]) =>
        h("li", { "data-criterion": criterion }, h("strong", {}, words.criteria[criterion] ?? criterion), `: in ${n} of ${count(of, "statement", "statements")}`),
      ),
    );
  }
}
