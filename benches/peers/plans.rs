//! Our side of `benches/peers/compare.py --plans`: reads, cuts and judges whole plans, on demand.
//!
//! `plans PLANS STATEMENTS THREADS MODEL`: PLANS is a `.jsonl` of plans; MODEL is `full`, `cascade` or `rules`. Each line `go`
//! on standard input judges them all, with an engine that has seen none before, and answers with the seconds that took. The
//! first round writes to STATEMENTS what a model has to read: one JSON string a statement. It also answers with the tally.

use clearplan::document::Kind;
use clearplan::engine::Engine;
use clearplan::model::prefix;
use clearplan::readers;
use std::error::Error;
use std::io::{BufRead, Write};
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, plans, statements, threads, model] = arguments.as_slice() else {
        return Err("usage: plans PLANS STATEMENTS THREADS full|cascade|rules".into());
    };
    let bytes = std::fs::read(plans)?;
    rayon::ThreadPoolBuilder::new().num_threads(threads.parse()?).build_global()?;
    let engine = || {
        let engine = Engine::new().without_suggestions();
        match model.as_str() {
            "rules" => engine.without_model(),
            "cascade" => engine.with_cascade().with_cache(1 << 17),
            _ => engine,
        }
    };
    // Loads the model, which is no part of judging.
    engine().assess(&clearplan::Statement::new(Kind::Outcome, "Sam will count to ten."));
    let mut answers = std::io::stdout().lock();
    for (round, line) in std::io::stdin().lock().lines().enumerate() {
        line?;
        let start = Instant::now();
        let engine = engine();
        let documents = readers::read("plans.jsonl", &bytes)?;
        let (reviews, tally) = engine.review_tallied(&documents.iter().collect::<Vec<_>>());
        let seconds = start.elapsed().as_secs_f64();
        if round == 0 {
            let judged = reviews.iter().flat_map(|review| &review.sections).flat_map(|section| &section.statements);
            let judged = judged.filter(|judged| judged.assessment.is_some()).map(|judged| &judged.statement);
            let lines: Vec<String> = judged
                .map(|statement| serde_json::to_string(&[&prefix(statement), &statement.text]))
                .collect::<Result<_, _>>()?;
            std::fs::write(statements, lines.join("\n"))?;
        }
        writeln!(answers, "{seconds} {}", serde_json::to_string(&tally)?)?;
        answers.flush()?;
    }
    Ok(())
}
