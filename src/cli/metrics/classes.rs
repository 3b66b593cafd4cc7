//! This is agreement on more than two classes: the types of wording.

use super::{Class, share};
use serde::Serialize;

/// How labels of several classes were met.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Classes<T> {
    /// How many are labelled.
    pub n: usize,
    /// The share that was said to be what it is.
    pub accuracy: Option<f64>,
    /// Mean F1 over the classes that occur in the labels.
    pub macro_f1: Option<f64>,
    /// Each class that occurs in labels or in what was said, in order.
    pub classes: Vec<(T, Class)>,
}

impl<T: Copy + Ord> Classes<T> {
    /// Of pairs of label and what was said.
    pub fn of(pairs: &[(T, T)]) -> Self {
        let mut names: Vec<T> = pairs.iter().flat_map(|&(label, said)| [label, said]).collect();
        names.sort_unstable();
        names.dedup();
        let count = |is: &dyn Fn(&(T, T)) -> bool| pairs.iter().filter(|pair| is(pair)).count();
        let classes: Vec<(T, Class)> = names
            .into_iter()
            .map(|name| {
                let right = count(&|&(label, said)| label == name && said == name);
                (name, Class::new(right, count(&|pair| pair.0 == name), count(&|pair| pair.1 == name)))
            })
            .collect();
        let present: Vec<f64> =
            classes.iter().filter(|(_, class)| class.n > 0).filter_map(|(_, class)| class.f1).collect();
        Self {
            n: pairs.len(),
            accuracy: share(count(&|&(label, said)| label == said), pairs.len()),
            macro_f1: (!present.is_empty()).then(|| present.iter().sum::<f64>() / present.len() as f64),
            classes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::close;
    use super::*;

    #[test]
    fn by_hand() {
        let got = Classes::of(&[('a', 'a'), ('a', 'a'), ('a', 'b'), ('b', 'b'), ('b', 'c')]);
        assert!(close(got.accuracy, 3.0 / 5.0));
        // a: 2 right of 3 labelled and 2 said, 4/5. b: 1 right of 2 and 2, 2/4. c is in no label.
        assert!(close(got.macro_f1, (0.8 + 0.5) / 2.0));
        assert_eq!(got.classes.len(), 3);
        assert!(close(got.classes[0].1.recall, 2.0 / 3.0) && close(got.classes[0].1.precision, 1.0));
        assert_eq!((got.classes[2].0, got.classes[2].1.n, got.classes[2].1.recall), ('c', 0, None));
        let none = Classes::<char>::of(&[]);
        assert_eq!((none.n, none.accuracy, none.macro_f1), (0, None, None));
    }
}
