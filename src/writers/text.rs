//! This is the rendering for a terminal: each sentence with its faulted words underlined, the reasons below, and what
//! to write instead.
//!
//! Nothing is said by colour alone. Control characters of the plan never reach the terminal.

use super::words;
use crate::assess::{Assessment, State};
use crate::plan::Thread;
use crate::review::{Judged, Review, Score};
use crate::rules::{Finding, Severity};
use crate::span::Span;
use anstyle::{AnsiColor, Style};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How to render.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Columns to wrap at; at least 40 are taken.
    pub width: usize,
    /// List statements with no findings too.
    pub all: bool,
    /// Show the golden thread: what belongs together in the plan.
    pub thread: bool,
    /// Write colours as ANSI codes.
    pub colour: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { width: 100, all: false, thread: false, colour: false }
    }
}

/// The reviews one after the other.
pub fn write(reviews: &[Review], options: Options) -> String {
    let mut page = Page::new(options);
    for (i, review) in reviews.iter().enumerate() {
        if i > 0 {
            page.line("");
        }
        page.review(review);
    }
    page.out
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Note => AnsiColor::Cyan.on_default().bold(),
    }
}

/// What stands under the faulted words: the worse, the heavier.
fn underline(severity: Severity) -> char {
    match severity {
        Severity::Error => '^',
        Severity::Warning => '~',
        Severity::Note => '-',
    }
}

/// A text that is being written, wrapped at its width.
pub(super) struct Page {
    pub(super) out: String,
    options: Options,
}

impl Page {
    pub(super) fn new(options: Options) -> Self {
        Self { out: String::new(), options }
    }

    fn review(&mut self, review: &Review) {
        let name = clean(&review.document);
        self.styled(BOLD, &name);
        self.line("");
        let mut criteria_shown = false;
        for section in &review.sections {
            let shown: Vec<&Judged> = section.statements.iter().filter(|judged| self.shows(judged)).collect();
            if shown.is_empty() {
                continue;
            }
            self.line("");
            let title = words::title(&section.section, &clean(&section.heading));
            self.wrapped("", "", BOLD, &title);
            for judged in shown {
                criteria_shown |= judged.assessment.is_some();
                self.statement(judged);
            }
        }
        if criteria_shown {
            self.line("");
            self.wrapped("", "", DIM, "✓ there · ✗ missing · ? cannot be told from the wording");
        }
        self.scores(review);
        self.whole(review);
        if self.options.thread {
            self.thread(&review.whole.thread);
        }
        self.waived(review);
        self.notes(review);
        self.summary(review);
    }

    fn shows(&self, judged: &Judged) -> bool {
        self.options.all || judged.assessment.as_ref().is_some_and(|assessment| !assessment.findings.is_empty())
    }

    fn statement(&mut self, judged: &Judged) {
        let statement = &judged.statement;
        self.line("");
        let mut head = format!("{} · {}", judged.id, words::place(statement.place));
        match &judged.assessment {
            Some(assessment) => {
                head.push_str(&format!(" · {}: {}", statement.kind.name(), words::verdict(assessment, statement.kind)));
            }
            None => head.push_str(&format!(" · {} (not judged)", statement.kind.name())),
        }
        self.wrapped("  ", "  ", BOLD, &head);
        for context in &statement.context {
            let text = format!("{}: {}", words::context(context.role), clean(&context.text));
            self.wrapped("    ", "      ", DIM, &text);
        }
        let findings = judged.assessment.as_ref().map_or(&[][..], |assessment| &assessment.findings);
        let findings = words::numbered(&statement.text, findings);
        self.sentence(&statement.text, &findings);
        for (number, finding) in findings {
            self.finding(number, finding);
        }
        if let Some(assessment) = &judged.assessment {
            self.criteria(assessment);
            if let Some(suggestion) = &assessment.suggestion {
                self.wrapped("    Write: ", "           ", Style::new(), &clean(suggestion));
            }
        }
    }

    /// The sentence, wrapped, with rows of underlines beneath each line.
    fn sentence(&mut self, text: &str, findings: &[(Option<usize>, &Finding)]) {
        const INDENT: &str = "    ";
        let cells = cells(text);
        for line in lines(&cells, self.width() - INDENT.len()) {
            let line = &cells[line];
            self.out.push_str(INDENT);
            for cell in line {
                self.out.push_str(&cell.shown);
            }
            self.end();
            let mut marks: Vec<Mark> =
                findings.iter().filter_map(|(number, finding)| Mark::new((*number)?, finding, line)).collect();
            // Overlapping findings go to further rows, so that each underline can be told from the others.
            while !marks.is_empty() {
                let mut column = 0;
                let mut later = Vec::new();
                self.out.push_str(INDENT);
                for mark in marks {
                    if mark.from < column {
                        later.push(mark);
                        continue;
                    }
                    self.out.extend(std::iter::repeat_n(' ', mark.from - column));
                    let drawn = mark.draw();
                    self.styled(style(mark.severity), &drawn);
                    column = mark.from + drawn.width();
                }
                self.end();
                marks = later;
            }
        }
    }

    fn finding(&mut self, number: Option<usize>, finding: &Finding) {
        let number = number.map_or_else(|| "•".to_owned(), |number| number.to_string());
        let severity = finding.severity.name();
        let lead = format!("    {number} {severity}: ");
        let indent = " ".repeat(lead.width());
        let text = format!("{} ({})", clean(&finding.message), finding.rule);
        let head = self.paint(style(finding.severity), &format!("{number} {severity}"));
        self.wrapped_after(&format!("    {head}: "), lead.width(), &indent, Style::new(), &text);
    }

    fn criteria(&mut self, assessment: &Assessment) {
        let chips: Vec<String> = assessment
            .criteria
            .iter()
            // What is not needed is no news.
            .filter(|c| c.state != State::NotNeeded)
            .map(|c| {
                format!("{}\u{a0}{}", words::state(c.state).0, words::criterion(c.criterion).replace(' ', "\u{a0}"))
            })
            .collect();
        if !chips.is_empty() {
            self.wrapped("    ", "    ", Style::new(), &chips.join("  "));
        }
    }

    fn scores(&mut self, review: &Review) {
        let scores = &review.scores;
        if scores.plan.score.is_none() && scores.sections.is_empty() {
            return;
        }
        self.line("");
        self.styled(BOLD, "Scores (0 to 100)");
        self.line("");
        let mut rows = vec![("Whole plan".to_owned(), &scores.plan)];
        rows.extend(scores.sections.iter().map(|s| (words::section(&s.section), &s.score)));
        let width = rows.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
        for (name, score) in rows {
            let pad = " ".repeat(width - name.width());
            self.wrapped(&format!("  {name}{pad}  "), &" ".repeat(width + 4), Style::new(), &score_text(score));
        }
    }

    /// What is wrong with the plan as a whole.
    fn whole(&mut self, review: &Review) {
        if review.whole.findings.is_empty() {
            return;
        }
        self.line("");
        self.styled(BOLD, words::WHOLE);
        self.line("");
        for finding in &review.whole.findings {
            let places: Vec<String> = finding.places.iter().map(words::plan_place).collect();
            let places = if places.is_empty() { String::new() } else { format!(" {}", places.join(", ")) };
            let severity = finding.severity.name();
            let lead = format!("  {severity}{places}: ");
            let head = self.paint(style(finding.severity), severity);
            let text = format!("{} ({})", clean(&finding.message), finding.rule);
            self.wrapped_after(&format!("  {head}{places}: "), lead.width(), "    ", Style::new(), &text);
        }
    }

    /// The golden thread: each need and outcome with what it is linked to.
    fn thread(&mut self, thread: &Thread) {
        self.line("");
        self.styled(BOLD, words::THREAD);
        self.line("");
        for row in words::threads(thread) {
            let head = format!("{} {}", row.id, crate::rules::quote(row.text));
            self.wrapped("  ", "    ", Style::new(), &clean(&head));
            for (pair, links) in &row.links {
                let ends: Vec<String> = links
                    .iter()
                    .map(|link| {
                        let shared = if link.shared.is_empty() {
                            String::new()
                        } else {
                            format!(": {}", link.shared.join(", "))
                        };
                        format!("{} ({} %, {}{shared})", link.id, link.percent, link.by)
                    })
                    .collect();
                let text = if ends.is_empty() { "none".to_owned() } else { ends.join("; ") };
                self.wrapped(&format!("    {pair}: "), "      ", DIM, &clean(&text));
            }
        }
    }

    fn waived(&mut self, review: &Review) {
        let waived = words::waived(review);
        if waived.is_empty() {
            return;
        }
        self.line("");
        self.wrapped("", "", BOLD, words::WAIVED);
        for one in waived {
            let text = format!("“{}” ({}): {} ({})", clean(&one.words), one.rule, clean(one.reason), clean(&one.by));
            self.wrapped(&format!("  {} ", one.id), "    ", Style::new(), &text);
        }
    }

    fn notes(&mut self, review: &Review) {
        for note in &review.notes {
            self.line("");
            let lead =
                note.page.map_or_else(|| "Please note: ".to_owned(), |page| format!("Please note (page {page}): "));
            self.wrapped(&lead, "  ", Style::new(), &clean(&note.message));
        }
    }

    fn summary(&mut self, review: &Review) {
        let tally = words::Tally::of(review);
        self.line("");
        let text = if tally.judged == 0 {
            format!("{}: no outcome or provision was judged.", clean(&review.document))
        } else {
            format!(
                "{}: {} judged, {} with findings: {}.",
                clean(&review.document),
                words::count(tally.judged, "statement", "statements"),
                tally.statements,
                tally.findings()
            )
        };
        let text = match review.whole.findings.len() {
            0 => text,
            n => format!("{text} {} about the plan as a whole.", words::count(n, "finding", "findings")),
        };
        self.wrapped("", "", BOLD, &text);
    }

    fn width(&self) -> usize {
        self.options.width.max(40)
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.options.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn styled(&mut self, style: Style, text: &str) {
        let painted = self.paint(style, text);
        self.out.push_str(&painted);
    }

    pub(super) fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.end();
    }

    /// Ends the line without white space before the break.
    fn end(&mut self) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
    }

    pub(super) fn wrapped(&mut self, first: &str, indent: &str, style: Style, text: &str) {
        self.wrapped_after(first, first.width(), indent, style, text);
    }

    /// Writes `text` after `first`, which takes `taken` columns; later lines begin with `indent`.
    fn wrapped_after(&mut self, first: &str, taken: usize, indent: &str, style: Style, text: &str) {
        let room = self.width().saturating_sub(taken.max(indent.width())).max(20);
        let cells = cells(text);
        self.out.push_str(first);
        for (i, line) in lines(&cells, room).into_iter().enumerate() {
            if i > 0 {
                self.out.push_str(indent);
            }
            let line: String = cells[line].iter().map(|cell| cell.shown.as_str()).collect();
            self.styled(style, line.trim_end());
            self.end();
        }
    }
}

fn score_text(score: &Score) -> String {
    let mut out = match (score.score, &score.grade) {
        (None, _) => "nothing to score".to_owned(),
        (Some(points), None) => format!("{points:.0}"),
        (Some(points), Some(grade)) => format!("{points:.0}, {}", words::grade(grade)),
    };
    out.push_str(&format!(" ({} of {} good", score.good, score.judged));
    if score.undecided > 0 {
        out.push_str(&format!(", {}", words::count(score.undecided, "close call", "close calls")));
    }
    out.push(')');
    out
}

/// A character as a person sees it, and what it takes on the screen.
struct Cell {
    span: Span,
    shown: String,
    width: usize,
    space: bool,
}

/// The text as cells: white space of any sort is one space, other control characters are shown as `\u{fffd}`.
fn cells(text: &str) -> Vec<Cell> {
    text.grapheme_indices(true)
        .map(|(start, grapheme)| {
            let space = grapheme.chars().all(|c| c.is_whitespace() && c != '\u{a0}');
            let shown = if space { " ".to_owned() } else { clean(grapheme) };
            let width = shown.width();
            Cell { span: Span::new(start, start + grapheme.len()), shown, width, space }
        })
        .collect()
}

/// Text with no character that could move the cursor, change colours or reorder the line.
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Cuts cells into lines of at most `room` columns, after a space where there is one; spaces at a cut stay behind.
fn lines(cells: &[Cell], room: usize) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let mut from = 0;
    let (mut width, mut last_space) = (0, None);
    let mut i = 0;
    while i < cells.len() {
        let cell = &cells[i];
        if cell.space {
            last_space = Some(i);
        }
        if width + cell.width > room && !cell.space && i > from {
            let cut = match last_space {
                Some(space) if space > from => space + 1,
                _ => i,
            };
            out.push(from..cut);
            from = cut;
            i = cut;
            (width, last_space) = (0, None);
            continue;
        }
        width += cell.width;
        i += 1;
    }
    out.push(from..cells.len());
    out
}

/// The part of a finding's underline that falls on one line.
struct Mark {
    number: usize,
    severity: Severity,
    /// First column.
    from: usize,
    columns: usize,
    /// True on the line where the finding begins, which carries its number.
    begins: bool,
}

impl Mark {
    /// `None` where the finding does not touch the line.
    fn new(number: usize, finding: &Finding, line: &[Cell]) -> Option<Self> {
        let (mut column, mut from, mut to) = (0, None, 0);
        for cell in line {
            if cell.span.overlaps(finding.span) {
                from = from.or(Some(column));
                // A trailing space at a cut is not worth a mark.
                if !cell.space {
                    to = column + cell.width;
                }
            }
            column += cell.width;
        }
        let from = from?;
        let begins = line.first().is_some_and(|first| first.span.start <= finding.span.start);
        (to > from).then_some(Self { number, severity: finding.severity, from, columns: to - from, begins })
    }

    /// `1^^^^^^`: the number, then marks as wide as the words.
    fn draw(&self) -> String {
        let label = if self.begins { self.number.to_string() } else { String::new() };
        let rest = self.columns.saturating_sub(label.len());
        label + &underline(self.severity).to_string().repeat(rest)
    }
}
