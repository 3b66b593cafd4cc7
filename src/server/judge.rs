//! This is the bench where everything is judged: off the thread that serves, a few at a time, so that one large plan does
//! not keep those waiting who type.

use super::refusal::Refusal;
use crate::cli::day::today;
use clearplan::document::{Block, Document, Paragraph, Role, Setting, Statement};
use clearplan::engine::Engine;
use clearplan::review::Review;
use clearplan::segment::{Framework, segment};
use clearplan::waivers;
use clearplan::writers::json::About;
use rayon::ThreadPool;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// For how long a request waits until somebody is free.
const QUEUE: Duration = Duration::from_secs(20);
/// For how long it is judged. The work cannot be stopped, but nobody waits for it longer.
const WORK: Duration = Duration::from_secs(90);

/// The engine and its threads.
pub struct Bench {
    pub engine: Arc<Engine>,
    /// The same by rules alone: a first look at what takes long.
    quick: Arc<Engine>,
    about: Arc<About>,
    about_quick: Arc<About>,
    texts: Lane,
    files: Lane,
}

/// Threads for one sort of work.
#[derive(Clone)]
struct Lane {
    pool: Arc<ThreadPool>,
    seats: Arc<Semaphore>,
}

/// Which threads do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Typed, and waited for.
    Text,
    /// A whole file.
    File,
    /// A first look at a file by rules alone, while others are at work on it in full.
    Glance,
}

impl Bench {
    /// `about` tells of `engine`; `quick` is the same by rules alone.
    pub fn new(engine: Engine, quick: Engine, about: About, texts: ThreadPool, files: ThreadPool) -> Self {
        let lane = |pool: ThreadPool| {
            let seats = Arc::new(Semaphore::new(pool.current_num_threads()));
            Lane { pool: Arc::new(pool), seats }
        };
        let about_quick = Arc::new(About { way: "rules".to_owned(), model: None, ..about.clone() });
        Self {
            engine: Arc::new(engine),
            quick: Arc::new(quick),
            about: Arc::new(about),
            about_quick,
            texts: lane(texts),
            files: lane(files),
        }
    }

    /// What judges that sort of work.
    pub fn about(&self, kind: Work) -> Arc<About> {
        Arc::clone(if kind == Work::Glance { &self.about_quick } else { &self.about })
    }

    /// Does `work` on the threads for it, as soon as one is free.
    pub async fn judge<T: Send + 'static>(
        &self,
        kind: Work,
        work: impl FnOnce(&Engine) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let Lane { pool, seats } = if kind == Work::File { &self.files } else { &self.texts }.clone();
        let seat = timeout(QUEUE, seats.acquire_owned()).await.map_err(|_| Refusal::busy())?;
        let seat = seat.map_err(|_| Refusal::busy())?;
        let engine = Arc::clone(if kind == Work::Glance { &self.quick } else { &self.engine });
        let working = tokio::task::spawn_blocking(move || {
            // Given back when the work is done, though nobody may wait for it any more.
            let _seat = seat;
            pool.install(|| work(&engine))
        });
        match timeout(WORK, working).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(Refusal::fault()),
            Err(_) => Err(Refusal::new(
                axum::http::StatusCode::UNPROCESSABLE_ENTITY,
                "judging was given up because it took too long; split the plan and try again",
            )),
        }
    }
}

/// Judges a document and sets aside what its comments waive.
pub fn review(engine: &Engine, document: Document, setting: Option<Setting>) -> Review {
    judged(engine, document, setting, Engine::review)
}

/// The same for a text, which is read as if it stood in `section` where it names none; `soon`, without suggestions that take long.
pub fn typed(
    engine: &Engine,
    mut document: Document,
    section: Option<&str>,
    setting: Option<Setting>,
    soon: bool,
) -> Review {
    head(&mut document, section);
    judged(engine, document, setting, if soon { Engine::review_soon } else { Engine::review })
}

fn judged(
    engine: &Engine,
    mut document: Document,
    setting: Option<Setting>,
    by: impl Fn(&Engine, &Document) -> Review,
) -> Review {
    document.setting = document.setting.or(setting);
    let mut review = by(engine, &document);
    waivers::by_comments(&mut review, &document.comments, engine.rules(), &today());
    review
}

/// Puts a text that names no section into one.
fn head(document: &mut Document, section: Option<&str>) {
    let Some(section) = section else { return };
    let named = segment(document, Framework::ehcp()).iter().any(|part| !part.section.is_empty());
    if !named {
        let text = format!("Section {section}");
        document.blocks.insert(0, Block::Paragraph(Paragraph { text, role: Role::Heading(1), ..Paragraph::default() }));
    }
}

/// Judges the plan again as if statements were worded otherwise. Their places stay those of the file.
pub fn reword(engine: &Engine, review: &mut Review, instead: &BTreeMap<String, String>) {
    if instead.is_empty() {
        return;
    }
    let all = review.sections.iter_mut().flat_map(|section| &mut section.statements);
    for (judged, text) in all.filter_map(|judged| instead.get(&judged.id).map(|text| (judged, text))) {
        judged.statement = Statement { text: text.clone(), ..judged.statement.clone() };
        judged.assessment = engine.assess_all(&[&judged.statement]).pop().flatten();
    }
    review.scores = engine.rubric().scores(&review.sections);
}

#[cfg(test)]
mod tests {
    use super::*;
    use clearplan::document::Kind;
    use clearplan::readers::read_text;

    #[test]
    fn a_text_without_sections_is_read_as_one() {
        let engine = Engine::new().without_model();
        let text = "Sam will be more confident.\n\nSam will have regular help.";
        let kinds = |section| -> Vec<(Kind, Option<u32>)> {
            let review = typed(&engine, read_text("text", text), section, None, false);
            let statements = review.sections.into_iter().flat_map(|section| section.statements);
            statements.map(|judged| (judged.statement.kind, judged.statement.place.line)).collect()
        };
        assert!(kinds(None).iter().all(|(kind, _)| *kind == Kind::Other));
        assert_eq!(kinds(Some("E")), [(Kind::Outcome, Some(1)), (Kind::Outcome, Some(3))]);
        assert_eq!(kinds(Some("F")), [(Kind::Provision, Some(1)), (Kind::Provision, Some(3))]);
    }

    #[test]
    fn a_text_with_sections_keeps_them() {
        let engine = Engine::new().without_model();
        let text = "Section F\n\nSam will have regular help.\n";
        assert_eq!(
            typed(&engine, read_text("text", text), Some("E"), None, false),
            engine.review(&read_text("text", text)),
            "what check says"
        );
    }

    #[test]
    fn what_comes_soon_lacks_only_suggestions_that_are_not_known() {
        let engine = Engine::new().without_model().with_cache(100);
        let text = "Section F\n\nSam will have regular help.\n\nA nurse will weigh Sam for ten minutes every Monday.\n";
        let judge = |text: &str, soon| typed(&engine, read_text("text", text), None, None, soon);
        let unfinished = |review: &Review| {
            let all = review.sections.iter().flat_map(|section| &section.statements);
            all.filter_map(|judged| judged.assessment.as_ref()).filter(|own| own.lacks_suggestion()).count()
        };
        let mut soon = judge(text, true);
        assert_eq!(unfinished(&soon), 1);
        let full = judge(text, false);
        assert_eq!(unfinished(&full), 0);
        assert_eq!(judge(text, true), full, "what is known comes at once");
        for section in soon.sections.iter_mut().zip(&full.sections) {
            for (one, other) in section.0.statements.iter_mut().zip(&section.1.statements) {
                if let (Some(one), Some(other)) = (&mut one.assessment, &other.assessment) {
                    one.suggestion.clone_from(&other.suggestion);
                }
            }
        }
        assert_eq!(soon, full, "nothing else differs");
    }

    #[test]
    fn another_wording_moves_the_score() {
        let engine = Engine::new().without_model();
        let text = "Section F\n\nSam will have regular help.\n\nSam will have help as needed.\n";
        let before = engine.review(&read_text("text", text));
        let better = "A nurse will weigh Sam for ten minutes every Monday at school.";
        let mut after = before.clone();
        reword(&engine, &mut after, &BTreeMap::from([("F.2".to_owned(), better.to_owned())]));
        assert!(after.scores.plan.score > before.scores.plan.score, "{:?}", after.scores);
        let judged = |review: &Review| review.sections[0].statements.clone();
        assert_eq!(judged(&after)[0], judged(&before)[0]);
        assert_eq!(judged(&after)[1].statement.text, better);
        assert_eq!(judged(&after)[1].statement.place, judged(&before)[1].statement.place);
    }
}
