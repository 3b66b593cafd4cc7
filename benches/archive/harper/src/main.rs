//! Harper as a peer of `benches/archive/peers.py`: `clearplan-peer-harper PLANS` checks the text of every plan of a `.jsonl` with all
//! rules that are on by default, once for each line on standard input, and answers with the seconds and the number of lints.

use harper_core::linting::{LintGroup, Linter};
use harper_core::spell::FstDictionary;
use harper_core::{Dialect, Document};
use std::io::BufRead;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let plans = std::env::args().nth(1).ok_or("usage: clearplan-peer-harper PLANS")?;
    let plans = std::fs::read_to_string(plans)?;
    let texts: Vec<String> = plans
        .lines()
        .map(|line| Ok(serde_json::from_str::<serde_json::Value>(line)?["text"].as_str().unwrap_or_default().to_owned()))
        .collect::<Result<_, serde_json::Error>>()?;
    let dictionary = FstDictionary::curated();
    let mut group = LintGroup::new_curated(dictionary.clone(), Dialect::British);
    for line in std::io::stdin().lock().lines() {
        line?;
        let start = Instant::now();
        let found: usize = texts.iter().map(|text| group.lint(&Document::new_plain_english(text, &dictionary)).len()).sum();
        println!("{} {found}", start.elapsed().as_secs_f64());
    }
    Ok(())
}
