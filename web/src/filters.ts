// This is which statements are shown: by section, severity, rule, and whether there is something to look at.

import type { Plan, Rule, Severity, Statement } from "./api";
import { h } from "./dom";

const RANK: Record<Severity, number> = { note: 1, warning: 2, error: 3 };

export class Filters {
  private readonly section: HTMLSelectElement;
  private readonly severity: HTMLSelectElement;
  private readonly rule: HTMLSelectElement;
  private readonly todo: HTMLInputElement;

  constructor(
    private readonly element: HTMLElement,
    changed: () => void,
  ) {
    const select = (id: string, label: string) => {
      const field = h("select", { class: "govuk-select", id, change: changed });
      element.append(h("div", { class: "govuk-form-group" }, h("label", { class: "govuk-label", for: id }, label), field));
      return field;
    };
    this.section = select("filter-section", "Section");
    this.severity = select("filter-severity", "How bad");
    this.rule = select("filter-rule", "Rule");
    this.todo = h("input", { class: "govuk-checkboxes__input", type: "checkbox", id: "filter-todo", change: changed });
    this.todo.checked = true;
    element.append(
      h(
        "div",
        { class: "govuk-checkboxes govuk-checkboxes--small" },
        h("div", { class: "govuk-checkboxes__item" }, this.todo, h("label", { class: "govuk-label govuk-checkboxes__label", for: "filter-todo" }, "Only what has something to look at")),
      ),
    );
    fill(this.severity, [["", "All findings"], ["warning", "Errors and warnings"], ["error", "Errors only"]]);
  }

  /** Offers what the plan has; what was chosen stays where it is still there. */
  offer(plan: Plan, rules: Map<string, Rule>): void {
    const sections = new Set(plan.check.sections.filter((s) => s.statements.some((x) => x.criteria)).map((s) => s.section));
    fill(this.section, [["", "All sections"], ...[...sections].map((id): [string, string] => [id || "0", id ? `Section ${id}` : "No section"])]);
    const counts = new Map<string, number>();
    for (const statement of plan.check.sections.flatMap((s) => s.statements)) {
      for (const finding of statement.findings ?? []) counts.set(finding.rule, (counts.get(finding.rule) ?? 0) + 1);
    }
    const most = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
    fill(this.rule, [["", "All rules"], ...most.map(([id, n]): [string, string] => [id, `${rules.get(id)?.summary ?? id} (${n})`])]);
    this.element.hidden = false;
  }

  reset(): void {
    this.section.value = this.severity.value = this.rule.value = "";
    this.todo.checked = true;
    this.element.hidden = true;
  }

  shows(statement: Statement): boolean {
    if (!statement.criteria) return false;
    if (this.section.value && this.section.value !== (statement.section || "0")) return false;
    const narrowed = this.severity.value !== "" || this.rule.value !== "";
    if (!narrowed && !this.todo.checked) return true;
    return (statement.findings ?? []).some((finding) => this.counts(finding));
  }

  counts(finding: { rule: string; severity: Severity }): boolean {
    const least = (this.severity.value || "note") as Severity;
    return RANK[finding.severity] >= RANK[least] && (!this.rule.value || this.rule.value === finding.rule);
  }
}

function fill(select: HTMLSelectElement, options: [string, string][]): void {
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, text]) => h("option", { value }, text)));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}
