// This is "before and after": how far the score has moved since the writer began.

import type { Plan, Score, Words } from "./api";
import { h } from "./dom";

export class Scores {
  private before: Score | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly afresh: () => void,
  ) {}

  /** What comes next is compared with what comes then. */
  forget(): void {
    this.before = null;
    this.element.replaceChildren();
  }

  show(plan: Plan, words: Words): void {
    const now = plan.check.scores.plan;
    if (now.score === null) {
      if (!this.before) this.element.replaceChildren();
      return;
    }
    this.before ??= now;
    const before = this.before;
    const moved = now.score - (before.score ?? 0);
    const way = moved > 0 ? `up ${moved}` : moved < 0 ? `down ${-moved}` : "no change yet";
    const meaning = words.grades.find(([name]) => name === now.grade)?.[1];
    const meter = (score: Score) => h("span", { class: "cp-meter", "aria-hidden": true }, fill(score.score ?? 0));
    const row = (title: string, score: Score, name: string) =>
      h(
        "div",
        { class: "cp-score" },
        h("dt", {}, title),
        h("dd", { "data-score": name }, h("strong", {}, String(score.score)), ` of 100${score.grade ? `, ${score.grade}` : ""}`),
        h("dd", {}, meter(score)),
      );
    const wasOpen = this.element.querySelector("details")?.open ?? false;
    const details = h(
      "details",
      { class: "govuk-details", ...(wasOpen ? { open: true } : {}) },
      h("summary", { class: "govuk-details__summary" }, h("span", { class: "govuk-details__summary-text" }, "Score of each section")),
      h(
        "table",
        { class: "govuk-table" },
        h("thead", {}, h("tr", {}, ...["Section", "Score", "Clear"].map((text) => h("th", { class: "govuk-table__header", scope: "col" }, text)))),
        h(
          "tbody",
          {},
          ...plan.check.scores.sections.map((s) =>
            h(
              "tr",
              {},
              h("th", { class: "govuk-table__header", scope: "row" }, s.section || "None"),
              h("td", { class: "govuk-table__cell" }, s.score === null ? "–" : String(s.score)),
              h("td", { class: "govuk-table__cell" }, `${s.good} of ${s.judged}${s.undecided ? `, ${s.undecided} undecided` : ""}`),
            ),
          ),
        ),
      ),
    );
    this.element.replaceChildren(
      h(
        "div",
        { class: "cp-scores" },
        h("h3", { class: "govuk-heading-s" }, "Before and after"),
        h("dl", {}, row("Before", before, "before"), row("Now", now, "now")),
        meaning && h("p", { class: "govuk-body-s" }, meaning),
        h("p", { class: "govuk-body-s" }, h("strong", { "data-moved": moved }, way), " ", this.button()),
        plan.check.scores.sections.length > 1 ? details : null,
      ),
    );
  }

  private button(): HTMLElement {
    return h("button", { type: "button", class: "cp-link", click: this.afresh }, "Compare from here");
  }
}

function fill(score: number): HTMLElement {
  const bar = h("span", {});
  bar.style.width = `${score}%`;
  return bar;
}
