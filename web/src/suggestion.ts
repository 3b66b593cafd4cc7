// This is the suggestion: the writer's own words with a field for each thing that is missing, judged again while they are
// filled.

import { ask, type Statement, type Told } from "./api";
import { type Around, chips } from "./card";
import { h, hidden } from "./dom";

/** From the last key until the wording is judged again, in milliseconds. */
const PAUSE = 150;

export class Suggestion {
  readonly element: HTMLElement;
  private readonly fields: HTMLInputElement[] = [];
  private readonly verdict = h("div", { class: "cp-again", role: "status" });
  private waiting = 0;
  private asking: AbortController | null = null;

  constructor(
    private readonly statement: Statement,
    private readonly told: Told,
    private readonly around: Around,
    use: (text: string) => void,
  ) {
    const line = h("p", { class: "cp-suggestion" });
    for (const [blank, text] of told.blanks) line.append(blank ? this.field(text) : text);
    const copied = h("span", { class: "govuk-body-s", role: "status" });
    this.element = h(
      "div",
      { class: "cp-write", role: "group", "aria-label": "You could write" },
      h("p", { class: "govuk-body-s govuk-!-font-weight-bold" }, "You could write", this.fields.length ? " (fill in the blanks)" : "", ":"),
      line,
      this.verdict,
      h(
        "div",
        { class: "govuk-button-group" },
        h("button", { type: "button", class: "govuk-button", click: () => use(this.text()) }, around.useLabel),
        h(
          "button",
          {
            type: "button",
            class: "govuk-button govuk-button--secondary",
            click: () => {
              navigator.clipboard.writeText(this.text()).then(
                () => (copied.textContent = "Copied."),
                () => (copied.textContent = "The browser does not allow copying; select the words instead."),
              );
            },
          },
          "Copy",
        ),
        copied,
      ),
    );
  }

  private field(blank: string): HTMLElement {
    const name = blank.slice(1, -1);
    // The field grows with what is written: the label behind it has the same words.
    const shadow = h("span", { class: "cp-blank-shadow", "aria-hidden": true }, name);
    const field = h("input", {
      type: "text",
      class: "cp-blank",
      placeholder: name,
      "aria-label": `Blank: ${name}`,
      autocomplete: "off",
      size: 1,
      input: () => {
        shadow.textContent = field.value || name;
        this.soon();
      },
    });
    this.fields.push(field);
    return h("span", { class: "cp-blank-box" }, shadow, field);
  }

  /** The wording with what has been filled in; what has not keeps its brackets. */
  text(): string {
    let at = 0;
    return this.told.blanks.map(([blank, text]) => (blank ? this.fields[at++]?.value.trim() || text : text)).join("");
  }

  private soon(): void {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.again(), PAUSE);
  }

  private async again(): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const { kind, context } = this.statement;
    try {
      const said = await ask.statement(kind, this.text(), context, this.around.setting(), asking.signal);
      if (!said) return;
      const left = this.fields.filter((field) => !field.value.trim()).length;
      const colour = said.judgement.confidence === "low" ? "yellow" : said.told.good ? "green" : "red";
      this.verdict.replaceChildren(
        h("p", { class: "govuk-body-s" }, hidden("As it is now: "), h("strong", { class: `govuk-tag govuk-tag--${colour}`, "data-verdict": said.judgement.verdict }, said.told.verdict), left ? ` ${left} to fill` : " nothing left to fill"),
        chips({ kind, criteria: said.judgement.criteria }, this.around.words),
        ...said.judgement.findings.slice(0, 3).map((finding) => h("p", { class: "govuk-body-s" }, finding.message)),
      );
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      this.verdict.textContent = error instanceof Error ? error.message : String(error);
    }
  }
}
