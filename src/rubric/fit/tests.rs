//! This is the promise that a planted rubric is found again, and that too little is refused.

use super::*;

fn names() -> Vec<String> {
    ["good", "fair", "weak", "poor"].map(str::to_owned).to_vec()
}

/// Plans graded by a rubric of other weights, with noise of so many points.
fn planted(n: usize, noise: f64, weights: &[(&str, f64)]) -> (Vec<Graded>, Vec<f64>) {
    let mut draws = fastrand::Rng::with_seed(7);
    let mut normal = || (0..12).map(|_| draws.f64()).sum::<f64>() - 6.0;
    let mut plans = Vec::new();
    let mut scores = Vec::new();
    for i in 0..n {
        let mut sections = BTreeMap::new();
        let level = 50.0 + 15.0 * normal();
        for (id, _) in weights {
            // Some plans say nothing of health.
            if *id != "G" || i % 3 > 0 {
                sections.insert((*id).to_owned(), (level + 18.0 * normal()).round().clamp(0.0, 100.0));
            }
        }
        let planted: BTreeMap<String, f64> = weights.iter().map(|(id, weight)| ((*id).to_owned(), *weight)).collect();
        let mut plan = Graded { sections, grade: 0 };
        let score = score(&plan, &planted);
        plan.grade = grade(&[65.0, 50.0, 35.0, 0.0], score + noise * normal());
        scores.push(score);
        plans.push(plan);
    }
    (plans, scores)
}

#[test]
fn a_planted_rubric_is_recovered_from_200_noisy_grades() {
    let weights = [("E", 15.0), ("F", 75.0), ("G", 10.0)];
    let (plans, truth) = planted(200, 4.0, &weights);
    let fitted = fit(&plans, &names()).expect("200 are enough");
    assert!(fitted.weights["F"] > 2.5 * fitted.weights["E"], "{:?}", fitted.weights);
    let off: f64 =
        plans.iter().zip(&truth).map(|(plan, truth)| (score(plan, &fitted.weights) - truth).abs()).sum::<f64>() / 200.0;
    assert!(off < 3.0, "scores are {off} points off on average");
    for (cut, planted) in fitted.cuts.iter().zip([65.0, 50.0, 35.0]) {
        assert!((cut - planted).abs() < 5.0, "{:?}", fitted.cuts);
    }
    let kappa = fitted.kappa.expect("it varies");
    let (low, high) = fitted.interval.expect("it varies");
    assert!(kappa > 0.8 && low < kappa && kappa < high, "{kappa} {low} {high}");
    assert!(fitted.builtin.is_some_and(|builtin| builtin < kappa - 0.03), "{:?} {kappa}", fitted.builtin);
    assert_eq!(fitted, fit(&plans, &names()).expect("again"), "the draws are seeded");
    let rubric = Rubric::from_toml(&fitted.to_toml("ours", &names())).expect("it loads");
    assert_eq!(rubric.grades().len(), 4);
}

#[test]
fn the_built_in_weights_stay_where_grades_follow_them() {
    let (plans, _) = planted(200, 4.0, &[("E", 40.0), ("F", 40.0), ("G", 10.0)]);
    let fitted = fit(&plans, &names()).expect("enough");
    assert!(fitted.doubts.iter().any(|doubt| doubt.contains("do not clearly agree better")), "{:?}", fitted.doubts);
}

#[test]
fn grades_of_chance_are_not_trusted() {
    let (mut plans, _) = planted(200, 4.0, &[("E", 40.0), ("F", 40.0), ("G", 10.0)]);
    let mut draws = fastrand::Rng::with_seed(3);
    plans.iter_mut().for_each(|plan| plan.grade = draws.usize(..4));
    let fitted = fit(&plans, &names()).expect("enough, and all chance");
    assert!(fitted.interval.is_none_or(|(low, _)| low < 0.2), "{:?}", fitted.interval);
    assert!(fitted.doubts.iter().any(|doubt| doubt.contains("never for a single one")), "{:?}", fitted.doubts);
}

#[test]
fn too_little_is_refused_with_a_reason() {
    let (plans, _) = planted(200, 4.0, &[("E", 40.0), ("F", 40.0), ("G", 10.0)]);
    let refusal = fit(&plans[..10], &names()).expect_err("ten are too few");
    assert_eq!(refusal, Refusal::Few(10));
    assert!(refusal.to_string().contains("at least 50"), "{refusal}");
    let same: Vec<Graded> = plans.iter().cloned().map(|plan| Graded { grade: 1, ..plan }).collect();
    assert_eq!(fit(&same, &names()), Err(Refusal::OneGrade));
    let flat: Vec<Graded> =
        plans.iter().map(|plan| Graded { sections: [("F".to_owned(), 50.0)].into(), grade: plan.grade }).collect();
    assert_eq!(fit(&flat, &names()), Err(Refusal::Flat));
}

#[test]
fn kappa_by_hand() {
    // Two of three grades, four plans: seen 0+0+1+1 = 2; chance: 2·2/4·1 + 2·2/4·1 = 2, so no better than chance.
    assert_eq!(kappa(&[(0, 0), (1, 1), (0, 1), (1, 0)], 3), Some(0.0));
    assert_eq!(kappa(&[(0, 0), (1, 1), (2, 2)], 3), Some(1.0));
    // A grade that is two off counts four times: seen 4, chance (1·1·4 + 1·1·4)/2 = 4 for all said the other way round.
    assert_eq!(kappa(&[(0, 2), (2, 0)], 3), Some(-1.0));
    assert_eq!(kappa(&[(1, 1), (1, 1)], 3), None);
}

#[test]
fn cuts_by_hand() {
    let plan = |score: f64, grade: usize| Graded { sections: [("F".to_owned(), score)].into(), grade };
    let plans = [plan(90.0, 0), plan(80.0, 0), plan(60.0, 2), plan(40.0, 2), plan(20.0, 3)];
    let weights: BTreeMap<String, f64> = [("F".to_owned(), 100.0)].into();
    let cuts = cuts(&plans.iter().collect::<Vec<_>>(), &weights, 4);
    let said: Vec<usize> = plans.iter().map(|plan| grade(&cuts, score(plan, &weights))).collect();
    assert_eq!(said, [0, 0, 2, 2, 3]);
    assert!(cuts.windows(2).all(|pair| pair[0] > pair[1]) && cuts[3] == 0.0, "{cuts:?}");
}
