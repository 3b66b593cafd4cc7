//! This is the day that a run goes by, which comes in through the arguments: nothing else of the program asks a clock.

use super::Failure;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// The day that a run goes by.
#[derive(Debug, clap::Args)]
pub struct Day {
    /// The day of comments, and by which waivers run out, as 2026-11-27 [default: the day of SOURCE_DATE_EPOCH if that is set,
    /// else today, in UTC]
    #[arg(long, value_name = "DAY")]
    date: Option<String>,
}

impl Day {
    /// The day, as 2026-11-27.
    ///
    /// # Errors
    /// [`Failure::Usage`] where what is given is no day.
    pub fn day(&self) -> Result<String, Failure> {
        let wrong = |what: String| Failure::Usage(format!("{what}; a day looks like 2026-11-27"));
        if let Some(day) = &self.date {
            let parsed: Date = day.parse().map_err(|_| wrong(format!("--date {day} is no day")))?;
            return Ok(parsed.to_string());
        }
        let now = match std::env::var("SOURCE_DATE_EPOCH") {
            Ok(seconds) => {
                seconds.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok()).ok_or_else(
                    || wrong("SOURCE_DATE_EPOCH holds no number of seconds; unset it or give --date".into()),
                )?
            }
            Err(_) => return Ok(today()),
        };
        Ok(in_utc(now))
    }
}

/// Today in UTC.
pub fn today() -> String {
    in_utc(Timestamp::now())
}

fn in_utc(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).date().to_string()
}
