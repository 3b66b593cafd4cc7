//! This is Cohen's kappa: how far two judges agree beyond what their habits alone would give.

/// (agreement − chance) / (1 − chance), where chance is the agreement of two judges who give each class as often as
/// these do, but blindly (Cohen, "A Coefficient of Agreement for Nominal Scales", 1960). 1 is full agreement, 0 is
/// chance, less is worse than chance. `None` of nothing, and where both only ever gave one and the same class.
pub fn kappa<T: PartialEq>(pairs: &[(T, T)]) -> Option<f64> {
    let n = pairs.len();
    let agreed = pairs.iter().filter(|(one, other)| one == other).count();
    // How many pairs of any answer of the one and any of the other are the same.
    let mut classes: Vec<(&T, usize, usize)> = Vec::new();
    for (one, other) in pairs {
        for (class, first) in [(one, true), (other, false)] {
            let at = classes.iter().position(|(known, ..)| *known == class).unwrap_or_else(|| {
                classes.push((class, 0, 0));
                classes.len() - 1
            });
            if let Some((_, ones, others)) = classes.get_mut(at) {
                *(if first { ones } else { others }) += 1;
            }
        }
    }
    let chance: usize = classes.iter().map(|(_, ones, others)| ones * others).sum();
    (n > 0 && chance < n * n).then(|| {
        let (n, agreed, chance) = (n as f64, agreed as f64, chance as f64);
        (agreed / n - chance / (n * n)) / (1.0 - chance / (n * n))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::close;
    use super::*;

    #[test]
    fn by_hand() {
        // The usual textbook case: 20 both yes, 15 both no, 5 and 10 split. Agreement 0.7, chance 0.5 · 0.6 + 0.5 · 0.4.
        let mut pairs = vec![(true, true); 20];
        pairs.extend([(true, false); 5]);
        pairs.extend([(false, true); 10]);
        pairs.extend([(false, false); 15]);
        assert!(close(kappa(&pairs), (0.7 - 0.5) / 0.5));
        assert!(close(kappa(&[('a', 'a'), ('b', 'b'), ('c', 'c')]), 1.0));
        // Each says a and b once and they never agree: (0 − ½) / ½.
        assert!(close(kappa(&[('a', 'b'), ('b', 'a')]), -1.0));
    }

    #[test]
    fn no_figure_where_nothing_could_differ() {
        assert_eq!(kappa(&[(true, true), (true, true)]), None);
        assert_eq!(kappa::<bool>(&[]), None);
        assert!(close(kappa(&[(true, false)]), 0.0));
    }
}
