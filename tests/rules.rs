//! Every example of every rule, each a test of its own name: `provision/open-frequency/bad/1`.

use clearplan::engine::Engine;
use clearplan::examples;
use clearplan::rules::RuleSet;
use libtest_mimic::{Arguments, Trial};

fn main() {
    let examples = RuleSet::builtin().rules().iter().flat_map(examples::of);
    let trials =
        examples.map(|example| Trial::test(example.name(), move || Ok(example.run(&Engine::new())?))).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
