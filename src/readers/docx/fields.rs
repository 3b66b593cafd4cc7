//! This is Word's fields: which characters are their instruction, which their result, and which a table of contents.

/// Fields within each other; real documents have three at most.
const MAX_FIELDS: usize = 64;

/// The fields that are open, from the outermost.
#[derive(Default)]
pub(crate) struct Fields {
    stack: Vec<Field>,
    /// How many of them are still in their instruction, whose text is not to be seen.
    pub instructing: usize,
    /// How many of them are tables of contents or indexes.
    pub contents: usize,
}

#[derive(Default)]
struct Field {
    instruction: String,
    result: bool,
    contents: bool,
}

impl Fields {
    /// How many fields are open.
    pub fn depth(&self) -> usize {
        self.stack.len()
    }

    /// A field begins, with its instruction.
    pub fn begin(&mut self) {
        if self.stack.len() < MAX_FIELDS {
            self.stack.push(Field::default());
            self.instructing += 1;
        }
    }

    /// Characters of the instruction of the innermost field.
    pub fn instruct(&mut self, piece: &str) {
        // The first word says what a field is.
        if let Some(field) = self.stack.last_mut().filter(|field| !field.result && field.instruction.len() < 32) {
            field.instruction.extend(piece.chars().take(32));
        }
    }

    /// The instruction ends and the result begins.
    pub fn separate(&mut self) {
        if let Some(field) = self.stack.last_mut().filter(|field| !field.result) {
            let word = field.instruction.split_whitespace().next().unwrap_or("");
            field.contents = ["TOC", "TOA", "INDEX"].iter().any(|kind| word.eq_ignore_ascii_case(kind));
            field.result = true;
            self.instructing -= 1;
            self.contents += usize::from(field.contents);
        }
    }

    /// The innermost field ends.
    pub fn end(&mut self) {
        if let Some(field) = self.stack.pop() {
            self.instructing -= usize::from(!field.result);
            self.contents -= usize::from(field.contents);
        }
    }

    /// Ends all fields but the outermost `len`.
    pub fn end_down_to(&mut self, len: usize) {
        while self.stack.len() > len {
            self.end();
        }
    }

    /// A field that is still in its instruction at the end of a paragraph has lost its other half: nothing more is
    /// hidden for its sake.
    pub fn end_paragraph(&mut self) {
        if self.instructing > 0 {
            for field in &mut self.stack {
                field.result = true;
            }
            self.instructing = 0;
        }
    }

    /// No open field counts as a table of contents any more.
    pub fn forget_contents(&mut self) {
        if self.contents > 0 {
            for field in &mut self.stack {
                field.contents = false;
            }
            self.contents = 0;
        }
    }
}
