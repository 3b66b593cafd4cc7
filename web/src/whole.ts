// This is the plan as a whole: what is wrong with it when its sections are read together, and the golden thread as a table.

import type { Link, Plan, PlanFinding } from "./api";
import { h } from "./dom";

/** Shows it in `element`; `go` leads to a statement that has a card. */
export function whole(element: HTMLElement, plan: Plan, go: (id: string) => void): void {
  const { findings, thread } = plan.check.whole;
  if (!findings.length && !thread.links.length) return element.replaceChildren();
  const wasOpen = element.querySelector("details")?.open ?? false;
  const to = (id: string) =>
    id in plan.told ? h("a", { class: "govuk-link", href: `#${id}`, click: (event: Event) => (event.preventDefault(), go(id)) }, id) : id;
  element.replaceChildren(
    h("h2", { class: "govuk-heading-m" }, "The plan as a whole"),
    findings.length
      ? h("ul", { class: "govuk-list govuk-list--bullet", id: "whole-findings" }, ...findings.map((finding) => h("li", {}, ...said(finding, to))))
      : h("p", { class: "govuk-body" }, "Nothing is missing that can be told from the wording."),
    h(
      "details",
      { class: "govuk-details", ...(wasOpen ? { open: true } : {}) },
      h("summary", { class: "govuk-details__summary" }, h("span", { class: "govuk-details__summary-text" }, "The golden thread: what belongs together")),
      table(plan, to),
    ),
  );
}

function said(finding: PlanFinding, to: (id: string) => Node | string): (Node | string)[] {
  const places = finding.places.flatMap((place) => (place.statement ? [to(place.statement), " "] : []));
  const why = h("a", { class: "govuk-link", href: `/rules/${finding.rule}`, target: "_blank" }, "Why");
  return [h("strong", {}, { error: "Error", warning: "Warning", note: "Note" }[finding.severity]), " ", ...places, finding.message, " ", why];
}

const BY: Record<string, string> = {
  row: "same row",
  number: "by number",
  table: "same table",
  heading: "same heading",
  meaning: "by meaning",
};

/** A row for each aspiration, need and outcome, with the outcomes and the provision that it is linked to. */
function table(plan: Plan, to: (id: string) => Node | string): HTMLElement {
  const { links } = plan.check.whole.thread;
  const of = new Map<string, Link[]>();
  for (const link of links) of.set(link.from, [...(of.get(link.from) ?? []), link]);
  const cell = (id: string, runs: boolean, end: string) => {
    const own = (of.get(id) ?? []).filter((link) => link.pair.endsWith(end));
    const each = own.flatMap((link, i) => [
      i ? "; " : "",
      to(link.to),
      h("span", { class: "cp-dim" }, ` ${Math.round(link.confidence * 100)} %, ${BY[link.by] ?? link.by}${words(link)}`),
    ]);
    return h("td", { class: "govuk-table__cell" }, ...(runs ? (own.length ? each : ["none"]) : [h("span", { class: "cp-dim" }, "–")]));
  };
  const rows = plan.check.sections
    .flatMap((section) => section.statements)
    .filter((statement) => ["aspiration", "need", "outcome"].includes(statement.kind))
    .map((statement) =>
      h(
        "tr",
        {},
        h("th", { class: "govuk-table__header", scope: "row" }, `${statement.id} `, h("span", { class: "govuk-!-font-weight-regular" }, statement.text)),
        cell(statement.id, statement.kind !== "outcome", "_outcome"),
        cell(statement.id, statement.kind !== "aspiration", "_provision"),
      ),
    );
  const head = ["Statement", "Outcomes", "Provision"].map((text) => h("th", { class: "govuk-table__header", scope: "col" }, text));
  return h("table", { class: "govuk-table", id: "thread" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows));
}

function words(link: Link): string {
  const shared = link.evidence.map((one) => (one.from ?? one.to)?.text).filter(Boolean);
  return shared.length ? `: ${shared.join(", ")}` : "";
}
