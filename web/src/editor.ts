// This is the text being written, with the faulted words marked in it.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { EditorState, StateEffect, StateField, Transaction } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, placeholder } from "@codemirror/view";
import type { Severity, Span } from "./api";

export interface Mark extends Span {
  severity: Severity;
  /** The statement's id and the finding's place in it. */
  statement: string;
  finding: number;
  message: string;
}

const setMarks = StateEffect.define<Mark[]>();

// Underlines are drawn by style sheets: a picture in a style would be blocked by the page's own policy, unseen by tests.
const decorations = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction: Transaction) {
    let now = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) now = draw(effect.value, transaction.state.doc.length);
    }
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function draw(marks: Mark[], length: number): DecorationSet {
  const fits = marks.filter((mark) => mark.start < mark.end && mark.end <= length);
  return Decoration.set(
    fits.map((mark) => Decoration.mark({ class: `cp-mark cp-${mark.severity}` }).range(mark.start, mark.end)),
    true,
  );
}

export class Editor {
  readonly view: EditorView;
  private marks: Mark[] = [];

  constructor(
    parent: HTMLElement,
    nonce: string,
    changed: () => void,
    private readonly keys: { walk: (by: 1 | -1) => void; advice: () => void },
  ) {
    const own = keymap.of([
      { key: "F8", run: () => this.then(() => this.keys.walk(1)), shift: () => this.then(() => this.keys.walk(-1)) },
      { key: "Alt-Enter", run: () => this.then(() => this.keys.advice()) },
    ]);
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          EditorView.cspNonce.of(nonce),
          history(),
          own,
          // The tab key leaves the editor, as it leaves every field.
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            "aria-labelledby": "text-heading",
            "aria-multiline": "true",
            tabindex: "0",
            spellcheck: "true",
            lang: "en-GB",
          }),
          placeholder("For example: By the end of Year 6, Sam will be more confident."),
          decorations,
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            this.marks = this.marks.map((mark) => ({
              ...mark,
              start: update.changes.mapPos(mark.start, 1),
              end: update.changes.mapPos(mark.end, -1),
            }));
            changed();
          }),
        ],
      }),
    });
  }

  private then(act: () => void): boolean {
    act();
    return true;
  }

  text(): string {
    return this.view.state.doc.toString();
  }

  set(text: string): void {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  replace(span: Span, text: string): void {
    this.view.dispatch({
      changes: { from: span.start, to: span.end, insert: text },
      selection: { anchor: span.start, head: span.start + text.length },
      scrollIntoView: true,
      userEvent: "input.suggestion",
    });
    this.view.focus();
  }

  mark(marks: Mark[]): void {
    this.marks = marks;
    this.view.dispatch({ effects: setMarks.of(marks) });
  }

  /** Goes to the next mark, or the one before, from where the cursor is; and says which it is. */
  walk(by: 1 | -1): { mark: Mark; at: number; of: number } | null {
    const marks = this.marks.filter((mark) => mark.start < mark.end).sort((a, b) => a.start - b.start || a.end - b.end);
    if (!marks.length) return null;
    const { from, to } = this.view.state.selection.main;
    const on = marks.findIndex((mark) => mark.start === from && mark.end === to);
    let at: number;
    if (on >= 0) at = on + by;
    else if (by > 0) at = marks.findIndex((mark) => mark.start >= from);
    else at = marks.findLastIndex((mark) => mark.end <= to);
    if (on < 0 && at < 0) at = by > 0 ? 0 : marks.length - 1;
    at = (at + marks.length) % marks.length;
    const mark = marks[at];
    if (!mark) return null;
    this.select(mark);
    return { mark, at: at + 1, of: marks.length };
  }

  /** The mark that is selected, or that the cursor stands in. */
  here(): Mark | null {
    const { from, to } = this.view.state.selection.main;
    const over = this.marks.filter((mark) => mark.start <= from && to <= mark.end);
    return over.sort((a, b) => a.end - a.start - (b.end - b.start))[0] ?? null;
  }

  select(span: Span): void {
    this.view.dispatch({
      selection: { anchor: span.start, head: span.end },
      effects: EditorView.scrollIntoView(span.start, { y: "nearest", yMargin: 40 }),
    });
  }
}
