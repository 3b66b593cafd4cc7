//! This is a linear map in memory, its weights in the order in which the kernels read them.

/// Outputs that a kernel computes at once.
pub const PANEL: usize = 32;

/// Four inputs of sixteen outputs: byte `4 * output + input`. One AVX-512 register.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Line(pub [i8; 64]);

/// Lines that hold four inputs of a whole panel.
pub const LINES: usize = PANEL / 16;

/// A linear map `y = W x + b` with int8 weights.
///
/// The weights lie in panels of [`PANEL`] outputs; inside a panel, by groups of four inputs; inside a group, in
/// [`LINES`] lines. This is what `vpdpbusd` wants, and the other kernels read it as well, so that all share one copy.
pub struct Linear {
    lines: Vec<Line>,
    inputs: usize,
    /// One a output: the weight is its code times this.
    pub scales: Vec<f32>,
    /// One a output.
    pub bias: Vec<f32>,
    /// The sum of an output's codes: times the code of 0, it is what that adds to every dot product.
    pub totals: Vec<i32>,
}

impl Linear {
    /// Packs row-major parts (outputs × `inputs`, one after the other). Outputs and inputs are multiples of 64.
    pub fn pack(parts: &[&[u8]], inputs: usize, scales: Vec<f32>, bias: Vec<f32>) -> Self {
        let outputs = bias.len();
        let mut lines = vec![Line([0; 64]); outputs * inputs / 64];
        let mut totals = Vec::with_capacity(outputs);
        let rows = parts.iter().flat_map(|part| part.chunks_exact(inputs));
        for (output, row) in rows.enumerate() {
            let (panel, lane) = (output / PANEL, output % PANEL);
            let (line, slot) = (lane / 16, lane % 16 * 4);
            let start = panel * (inputs / 4) * LINES + line;
            let mut sum = 0_i32;
            for (four, to) in row.as_chunks::<4>().0.iter().zip(lines.iter_mut().skip(start).step_by(LINES)) {
                let four = four.map(u8::cast_signed);
                sum += four.iter().map(|code| i32::from(*code)).sum::<i32>();
                if let Some(to) = to.0.get_mut(slot..slot + 4) {
                    to.copy_from_slice(&four);
                }
            }
            totals.push(sum);
        }
        Self { lines, inputs, scales, bias, totals }
    }

    /// Width of the input.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Width of the output.
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// The lines of each panel, in the order of the outputs.
    pub fn panels(&self) -> impl Iterator<Item = &[[Line; LINES]]> {
        self.lines.as_chunks().0.chunks_exact(self.inputs / 4)
    }
}
