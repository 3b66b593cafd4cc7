// This is what the server answers, and how it is asked. The types are those of src/writers/live.rs and the check schema.

export type Severity = "error" | "warning" | "note";

export interface Span {
  start: number;
  end: number;
}

export interface Finding extends Span {
  rule: string;
  severity: Severity;
  text: string;
  message: string;
}

export interface Criterion {
  criterion: string;
  state: "met" | "missing" | "undecidable" | "not_needed";
}

export interface Judgement {
  verdict: "smart" | "specific" | "vague";
  probability: number;
  confidence: "normal" | "low";
  criteria: Criterion[];
  findings: Finding[];
  suggestion: string | null;
}

export interface Inherited {
  role: string;
  text: string;
}

export interface Statement extends Partial<Judgement> {
  id: string;
  kind: string;
  section: string;
  text: string;
  context: Inherited[];
}

/** What is said of a statement beside its judgement; offsets are those of the whole text. */
export interface Told {
  verdict: string;
  good: boolean;
  likely: number;
  place: string;
  context: string[];
  numbers: (number | null)[];
  blanks: [boolean, string][];
  at?: Span;
  marks?: Span[];
}

export interface Score {
  score: number | null;
  grade: string | null;
  judged: number;
  good: number;
  undecided: number;
}

export interface Check {
  document: string;
  sections: { section: string; heading: string; statements: Statement[] }[];
  scores: { plan: Score; sections: ({ section: string } & Score)[] };
  whole: { findings: PlanFinding[]; thread: { links: Link[] } };
  notes: { kind: string; message: string; page?: number }[];
}

/** What is wrong with the plan when its sections are read together. */
export interface PlanFinding {
  rule: string;
  severity: Severity;
  message: string;
  places: { statement: string | null; text: string }[];
}

/** Two statements that belong together, and by what one can tell. */
export interface Link {
  from: string;
  to: string;
  pair: string;
  by: string;
  confidence: number;
  evidence: { from: { text: string } | null; to: { text: string } | null }[];
}

export interface Plan {
  check: Check;
  findings: string;
  judged: number;
  with_findings: number;
  titles: string[];
  told: Record<string, Told>;
}

export interface Words {
  criteria: Record<string, string>;
  states: Record<string, [string, string]>;
  grades: [string, string][];
}

export interface Page {
  plans: Plan[];
  words: Words;
  /** True where suggestions were left out that would take long. */
  unfinished: boolean;
}

export interface Rule {
  id: string;
  summary: string;
  why: string;
  advice: string;
  severity: Severity;
  source: { title: string; url: string; read: string };
  bad: { text: string; better: string | null }[];
  good: { text: string }[];
}

/** Why the server did not answer; its words are for the writer. */
export class Refused extends Error {}

async function answer(path: string, options: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "omit", referrerPolicy: "no-referrer", ...options });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refused("clearplan does not answer. Is it still running? Your text is safe as long as this page stays open.");
  }
  if (response.ok) return response;
  const said = (await response.json().catch(() => ({}))) as { error?: string };
  throw new Refused(said.error ?? `clearplan answered with ${response.status}. Try again.`);
}

async function post<T>(path: string, value: unknown, signal?: AbortSignal): Promise<T> {
  const body = JSON.stringify(value);
  const headers = { "content-type": "application/json" };
  const response = await answer(path, { method: "POST", headers, body, ...(signal ? { signal } : {}) });
  return (await response.json()) as T;
}

function form(file: File, setting: string, instead: Record<string, string>, glance = false): FormData {
  const data = new FormData();
  if (setting) data.append("setting", setting);
  if (Object.keys(instead).length) data.append("instead", JSON.stringify(instead));
  if (glance) data.append("glance", "yes");
  data.append("file", file, file.name);
  return data;
}

export const ask = {
  /** What is said of a text; soon, without the suggestions that take long. */
  text: (text: string, section: string, setting: string, soon: boolean): Promise<Page> =>
    post("/api/text", { text, section, setting: setting || null, soon }),
  statement: (kind: string, text: string, context: Inherited[], setting: string, signal: AbortSignal) =>
    post<{ judgement: Judgement; told: Told } | null>(
      "/api/statement",
      { kind, text, context, setting: setting || null },
      signal,
    ),
  /** What is said of a file; at a glance, by rules alone. */
  plan: async (file: File, setting: string, instead: Record<string, string>, glance: boolean): Promise<Page> =>
    (await (await answer("/api/plan", { method: "POST", body: form(file, setting, instead, glance) })).json()) as Page,
  /** The annotated copy and its name. */
  annotated: async (file: File, setting: string): Promise<[Blob, string]> => {
    const response = await answer("/api/annotate", { method: "POST", body: form(file, setting, {}) });
    const said = response.headers.get("content-disposition") ?? "";
    const name = decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(said)?.[1] ?? "plan-annotated");
    return [await response.blob(), name];
  },
  rules: async (): Promise<Rule[]> => (await (await answer("/api/rules", {})).json()) as Rule[],
};
