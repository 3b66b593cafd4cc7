//! This is what is printed on a page: words and ruling lines with their places, upright whichever way the page was
//! drawn.
//!
//! Coordinates are in points with the origin at the top left and y growing downwards.

use pdf_oxide::document::PdfDocument;
use pdf_oxide::elements::{PathContent, PathOperation};
use pdf_oxide::layout::TextChar;

/// A box on the page, in points.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Area {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
}

impl Area {
    /// True where the point lies inside.
    pub(super) fn holds(&self, x: f32, y: f32) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }

    /// Width times height.
    pub(super) fn size(&self) -> f32 {
        (self.right - self.left).max(0.0) * (self.bottom - self.top).max(0.0)
    }
}

/// A word: glyphs with no blank between them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) left: f32,
    pub(super) right: f32,
    /// The line that letters stand on.
    pub(super) base: f32,
    /// Font size in points.
    pub(super) size: f32,
    pub(super) bold: bool,
}

/// A straight ruling line: where it is across, and from where to where it goes along.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    pub(super) at: f32,
    pub(super) from: f32,
    pub(super) to: f32,
}

/// Everything on one page.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Words in rows from top to bottom, each from left to right.
    pub(super) rows: Vec<Vec<Word>>,
    /// Words that stand across or askew (watermarks, stamps), in drawing order.
    pub(super) askew: String,
    pub(super) horizontal: Vec<Rule>,
    pub(super) vertical: Vec<Rule>,
    /// In points.
    pub(super) width: f32,
    pub(super) height: f32,
    /// Visible glyphs, and those of them that mean nothing.
    pub(super) glyphs: usize,
    pub(super) unreadable: usize,
    /// Small shapes that were looked at as bullets.
    dots: usize,
    /// Drawn paths, of which outlined letters are many.
    pub(super) paths: usize,
}

/// More glyphs than any page holds; the rest of such a page is left out.
const MOST_GLYPHS: usize = 200_000;
const MOST_PATHS: usize = 100_000;
const MOST_DOTS: usize = 5_000;

/// Reads one page, counted from 0.
pub(super) fn page(pdf: &PdfDocument, index: usize) -> Result<Page, pdf_oxide::error::Error> {
    let mut glyphs = pdf.extract_chars(index)?;
    glyphs.truncate(MOST_GLYPHS);
    // Lines only help to find tables: a page whose drawing cannot be read still has its words.
    let mut paths = pdf.extract_paths(index).unwrap_or_default();
    let count = paths.len();
    paths.truncate(MOST_PATHS);
    let (left, bottom, right, top) = pdf.get_page_media_box(index).unwrap_or((0.0, 0.0, 595.0, 842.0));
    let turn = Turn::of(&glyphs, [left, bottom, right, top]);
    let mut page = Page { width: turn.width, height: turn.height, paths: count, ..Page::default() };
    page.take_glyphs(&glyphs, &turn);
    for path in &paths {
        page.take_path(path, &turn);
        page.take_dot(path, &turn);
    }
    Ok(page)
}

/// How page coordinates become upright ones.
struct Turn {
    /// Quarter turns anticlockwise that most of the text is drawn with.
    quarters: i32,
    page: [f32; 4],
    width: f32,
    height: f32,
}

impl Turn {
    /// A landscape page may be drawn sideways, with or without a /Rotate entry: what most letters do decides.
    fn of(glyphs: &[TextChar], page: [f32; 4]) -> Self {
        let mut votes = [0_usize; 4];
        for glyph in glyphs {
            if let Some(vote) = usize::try_from(quarters(glyph.rotation_degrees)).ok().and_then(|at| votes.get_mut(at))
            {
                *vote += 1;
            }
        }
        let most = votes.iter().copied().max().unwrap_or(0);
        let quarters = votes.iter().position(|vote| *vote == most).and_then(|at| i32::try_from(at).ok()).unwrap_or(0);
        let [left, bottom, right, top] = page;
        let (mut width, mut height) = (right - left, top - bottom);
        if quarters % 2 == 1 {
            std::mem::swap(&mut width, &mut height);
        }
        Self { quarters, page, width, height }
    }

    fn point(&self, x: f32, y: f32) -> (f32, f32) {
        let [left, bottom, right, top] = self.page;
        match self.quarters {
            0 => (x - left, top - y),
            1 => (y - bottom, x - left),
            2 => (right - x, y - bottom),
            _ => (top - y, right - x),
        }
    }

    fn is_upright(&self, degrees: f32) -> bool {
        let off = (degrees - 90.0 * self.quarters as f32).rem_euclid(360.0);
        !(4.0..=356.0).contains(&off)
    }
}

/// Nearest quarter turn, 0–3.
fn quarters(degrees: f32) -> i32 {
    if degrees.is_finite() { (degrees / 90.0).round().rem_euclid(4.0) as i32 } else { 0 }
}

/// A glyph where it stands on the upright page.
struct Placed<'g> {
    glyph: &'g TextChar,
    left: f32,
    right: f32,
    base: f32,
    size: f32,
}

impl Page {
    fn take_glyphs(&mut self, glyphs: &[TextChar], turn: &Turn) {
        let mut placed = Vec::with_capacity(glyphs.len());
        for glyph in glyphs {
            let blank = glyph.char.is_whitespace();
            if !blank {
                self.glyphs += 1;
                self.unreadable += usize::from(is_unreadable(glyph.char));
            }
            let numbers = [glyph.origin_x, glyph.origin_y, glyph.advance_width, glyph.font_size];
            if !numbers.iter().all(|number| number.is_finite() && number.abs() < 1e6) {
                continue;
            }
            if !turn.is_upright(glyph.rotation_degrees) {
                if self.askew.len() < 2000 {
                    self.askew.push(if blank { ' ' } else { glyph.char });
                }
                continue;
            }
            let (left, base) = turn.point(glyph.origin_x, glyph.origin_y);
            let right = left + glyph.advance_width.max(0.0);
            placed.push(Placed { glyph, left, right, base, size: glyph.font_size.abs().max(1.0) });
        }
        placed.sort_by(|a, b| a.base.total_cmp(&b.base).then(a.left.total_cmp(&b.left)));
        let mut row: Vec<Placed<'_>> = Vec::new();
        let (mut mean, mut size) = (0.0_f32, 0.0_f32);
        for glyph in placed {
            // Raised and lowered figures belong to their line; lines stand further apart than that.
            if !row.is_empty() && glyph.base - mean > 0.42 * size.max(glyph.size) {
                self.rows.extend(words(&mut row));
                size = 0.0;
            }
            size = size.max(glyph.size);
            let count = row.len() as f32;
            mean = (mean * count + glyph.base) / (count + 1.0);
            row.push(glyph);
        }
        self.rows.extend(words(&mut row));
    }

    fn take_path(&mut self, path: &PathContent, turn: &Turn) {
        // Only painted paths are given; one without a stroke was filled.
        let stroked = path.stroke_color.is_some() && path.stroke_width < 6.0;
        let mut pen: Option<(f32, f32)> = None;
        let mut first: Option<(f32, f32)> = None;
        let mut corners: Vec<(f32, f32)> = Vec::new();
        for operation in &path.operations {
            match *operation {
                PathOperation::MoveTo(x, y) => {
                    pen = Some((x, y));
                    first = pen;
                    corners.clear();
                    corners.push((x, y));
                }
                PathOperation::LineTo(x, y) => {
                    if let (Some(from), true) = (pen, stroked) {
                        self.line(turn.point(from.0, from.1), turn.point(x, y));
                    }
                    pen = Some((x, y));
                    corners.push((x, y));
                }
                PathOperation::CurveTo(.., x, y) => {
                    pen = Some((x, y));
                    corners.clear();
                }
                PathOperation::Rectangle(x, y, width, height) => {
                    self.rectangle(turn.point(x, y), turn.point(x + width, y + height), stroked);
                    pen = None;
                }
                PathOperation::ClosePath => {
                    if let (Some(from), Some(to), true) = (pen, first, stroked) {
                        self.line(turn.point(from.0, from.1), turn.point(to.0, to.1));
                    }
                    pen = first;
                }
            }
            // A filled box drawn with lines is a rule where it is thin.
            if !stroked && corners.len() == 4 {
                let (xs, ys): (Vec<f32>, Vec<f32>) = corners.iter().copied().unzip();
                let low = |values: &[f32]| values.iter().copied().fold(f32::INFINITY, f32::min);
                let high = |values: &[f32]| values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                self.rectangle(turn.point(low(&xs), low(&ys)), turn.point(high(&xs), high(&ys)), false);
                corners.clear();
            }
        }
    }

    /// Browsers draw the dots of lists instead of printing them: such a dot becomes a bullet before the words beside it.
    fn take_dot(&mut self, path: &PathContent, turn: &Turn) {
        let (width, height) = (path.bbox.width.abs(), path.bbox.height.abs());
        let round = path.operations.iter().any(|operation| matches!(operation, PathOperation::CurveTo(..)));
        if !(1.5..=7.0).contains(&width) || !(0.8..=1.25).contains(&(width / height)) || self.dots >= MOST_DOTS {
            return;
        }
        let (x, y) = turn.point(path.bbox.x + path.bbox.width / 2.0, path.bbox.y + path.bbox.height / 2.0);
        if !x.is_finite() || !y.is_finite() {
            return;
        }
        self.dots += 1;
        // Rows go down the page, and the dot stands at half the height of small letters.
        let below = self.rows.partition_point(|row| row.first().is_none_or(|word| word.base < y));
        let Some(row) = self.rows.get_mut(below) else { return };
        let Some(at) = row.iter().position(|word| word.left > x) else { return };
        let Some(word) = row.get(at) else { return };
        let (size, base, gap) = (word.size, word.base, word.left - x - width / 2.0);
        let clear = at.checked_sub(1).and_then(|before| row.get(before)).is_none_or(|before| before.right + size < x);
        if base - y > 0.8 * size || !(0.2 * size..=3.0 * size).contains(&gap) || width > 0.6 * size || !clear {
            return;
        }
        let text = match (round, path.fill_color.is_some() || path.stroke_color.is_none()) {
            (true, true) => "•",
            (true, false) => "◦",
            (false, _) => "▪",
        };
        let (left, right) = (x - width / 2.0, x + width / 2.0);
        row.insert(at, Word { text: text.to_owned(), left, right, base, size, bold: false });
    }

    fn rectangle(&mut self, one: (f32, f32), other: (f32, f32), stroked: bool) {
        let (left, right) = (one.0.min(other.0), one.0.max(other.0));
        let (top, bottom) = (one.1.min(other.1), one.1.max(other.1));
        let (width, height) = (right - left, bottom - top);
        if height <= THICKEST && width > THICKEST {
            let middle = (top + bottom) / 2.0;
            self.line((left, middle), (right, middle));
        } else if width <= THICKEST && height > THICKEST {
            let middle = (left + right) / 2.0;
            self.line((middle, top), (middle, bottom));
        } else if stroked {
            self.line((left, top), (right, top));
            self.line((left, bottom), (right, bottom));
            self.line((left, top), (left, bottom));
            self.line((right, top), (right, bottom));
        }
    }

    fn line(&mut self, one: (f32, f32), other: (f32, f32)) {
        if ![one.0, one.1, other.0, other.1].iter().all(|number| number.is_finite() && number.abs() < 1e6) {
            return;
        }
        let (width, height) = ((one.0 - other.0).abs(), (one.1 - other.1).abs());
        if height <= 1.0 && width > 1.0 {
            self.horizontal.push(Rule { at: one.1, from: one.0.min(other.0), to: one.0.max(other.0) });
        } else if width <= 1.0 && height > 1.0 {
            self.vertical.push(Rule { at: one.0, from: one.1.min(other.1), to: one.1.max(other.1) });
        }
    }
}

/// A filled box no thicker than this is a rule, in points.
const THICKEST: f32 = 3.0;

/// Cuts the glyphs of one row into words.
fn words(row: &mut Vec<Placed<'_>>) -> Option<Vec<Word>> {
    let mut glyphs = std::mem::take(row);
    glyphs.sort_by(|a, b| a.left.total_cmp(&b.left));
    // Letters that were drawn sideways come without their widths: they reach to the next one.
    for at in 0..glyphs.len() {
        let next = glyphs.get(at + 1).map(|next| next.left);
        if let Some(placed) = glyphs.get_mut(at).filter(|placed| placed.right - placed.left < 0.01) {
            let widest = placed.left + 0.95 * placed.size;
            placed.right = next.map_or(placed.left + 0.5 * placed.size, |next| next.min(widest));
        }
    }
    let mut out: Vec<Word> = Vec::new();
    let mut open: Option<Word> = None;
    let mut blank = false;
    for placed in &glyphs {
        let c = placed.glyph.char;
        if c.is_whitespace() {
            // A blank that overlaps letters was drawn under them and parts nothing.
            blank |= open.as_ref().is_none_or(|word| placed.right > word.right + 0.01);
            continue;
        }
        let bold = placed.glyph.font_weight.is_bold();
        match &mut open {
            Some(word) if !blank && placed.left - word.right < 0.22 * placed.size => {
                push(&mut word.text, c);
                word.right = word.right.max(placed.right);
                word.size = word.size.max(placed.size);
                word.bold &= bold;
                // The larger letters say where the line is.
                if placed.size >= word.size {
                    word.base = word.base.max(placed.base);
                }
            }
            _ => {
                out.extend(open.take());
                let mut text = String::new();
                push(&mut text, c);
                open = Some(Word {
                    text,
                    left: placed.left,
                    right: placed.right,
                    base: placed.base,
                    size: placed.size,
                    bold,
                });
            }
        }
        blank = false;
    }
    out.extend(open);
    (!out.is_empty()).then_some(out)
}

/// Adds a glyph, with joined letters taken apart.
fn push(text: &mut String, c: char) {
    match c {
        'ﬀ' => text.push_str("ff"),
        'ﬁ' => text.push_str("fi"),
        'ﬂ' => text.push_str("fl"),
        'ﬃ' => text.push_str("ffi"),
        'ﬄ' => text.push_str("ffl"),
        'ﬅ' | 'ﬆ' => text.push_str("st"),
        c if c.is_control() => {}
        c => text.push(c),
    }
}

/// True for what a font without a proper character table gives.
fn is_unreadable(c: char) -> bool {
    // Symbol fonts' bullets live at U+F020–F0FF and are read as bullets.
    c == '\u{fffd}'
        || c.is_control()
        || (('\u{e000}'..='\u{f8ff}').contains(&c) && !('\u{f020}'..='\u{f0ff}').contains(&c))
}
