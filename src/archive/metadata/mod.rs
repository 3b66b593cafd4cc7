//! This is what an archive knows of a plan beside its text: team, author, area, setting, need, phase, date, status.
//!
//! It comes from the fields of a record, from a table joined on the plan's id ([`table`]), or from the path of a file
//! ([`path`]). A value that cannot be right counts as missing and is reported, by its field and never by its words.

mod head;
pub mod path;
pub mod table;
mod values;

pub use head::Head;
pub use values::{Coded, MISSING, Names};

use crate::document::Setting;

/// A field of the metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Who keeps the plan.
    Team,
    /// Who wrote it, as a code.
    Author,
    /// Where: a district, a school's cluster.
    Area,
    /// What sort of school or college.
    Setting,
    /// The child's primary need.
    Need,
    /// The child's age phase.
    Phase,
    /// Whether it is a draft.
    Status,
    /// When it was issued.
    Date,
}

/// How many fields have values that are names; the date has a place of its own.
pub const NAMED: usize = 7;

impl Field {
    /// Every field, in the order of the outputs.
    pub const ALL: [Self; NAMED + 1] =
        [Self::Team, Self::Author, Self::Area, Self::Setting, Self::Need, Self::Phase, Self::Status, Self::Date];

    /// The name in files: `team`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Author => "author",
            Self::Area => "area",
            Self::Setting => "setting",
            Self::Need => "need",
            Self::Phase => "phase",
            Self::Status => "status",
            Self::Date => "date",
        }
    }

    /// The field that a record or a table calls so: `Primary need`, `author_code`.
    pub fn called(name: &str) -> Option<Self> {
        let plain: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        Some(match plain.as_str() {
            "team" | "caseworkteam" => Self::Team,
            "author" | "authorcode" | "writer" | "caseworker" => Self::Author,
            "area" | "district" | "locality" | "localarea" => Self::Area,
            "setting" | "settingtype" | "schooltype" | "placementtype" => Self::Setting,
            "need" | "primaryneed" | "needtype" => Self::Need,
            "phase" | "agephase" | "keystage" => Self::Phase,
            "status" | "stage" | "draftfinal" => Self::Status,
            "date" | "issued" | "dateissued" | "issuedate" | "plandate" => Self::Date,
            _ => return None,
        })
    }

    /// The value as outputs have it: a code of the field's list, or the words as given.
    ///
    /// # Errors
    /// What is wrong with it, without the value.
    pub fn value(self, given: &str) -> Result<String, &'static str> {
        let given = given.trim();
        if given.chars().count() > 64 {
            return Err("longer than 64 characters");
        }
        if given.chars().any(char::is_control) {
            return Err("holds control characters");
        }
        let listed = |list: &[(&str, &[&str])], wrong| {
            let plain: String = given.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            let found = list.iter().find(|(code, others)| {
                code.chars().filter(|c| *c != '_').eq(plain.chars()) || others.contains(&plain.as_str())
            });
            found.map(|(code, _)| (*code).to_owned()).ok_or(wrong)
        };
        match self {
            Self::Team | Self::Author | Self::Area => Ok(given.to_owned()),
            Self::Setting => listed(SETTINGS, "not a type of setting"),
            Self::Need => listed(NEEDS, "not a type of need"),
            Self::Phase => listed(PHASES, "not an age phase"),
            Self::Status => listed(STATUSES, "neither draft nor final"),
            Self::Date => date(given).map(|_| given.to_owned()),
        }
    }
}

/// Values of a plan as they were given, field by field; empty where none was.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Given(pub [String; NAMED + 1]);

impl Given {
    /// The value of a field, if there is one.
    pub fn get(&self, field: Field) -> Option<&str> {
        Some(self.0[field as usize].trim()).filter(|value| !value.is_empty())
    }

    /// Sets a field that has no value yet.
    pub fn set(&mut self, field: Field, value: &str) {
        if self.get(field).is_none() {
            self.0[field as usize] = value.to_owned();
        }
    }

    /// Where the child is educated, as the judgement needs it.
    pub fn educated(&self) -> Option<Setting> {
        match Field::Setting.value(self.get(Field::Setting)?).ok()?.as_str() {
            "special" => Some(Setting::Special),
            "mainstream" => Some(Setting::Mainstream),
            _ => None,
        }
    }
}

/// Codes and what else they are called, letters and digits only.
type List = [(&'static str, &'static [&'static str])];

const SETTINGS: &List = &[
    ("mainstream", &["mainstreamschool", "school"]),
    ("special", &["specialschool", "maintainedspecial"]),
    ("resourced", &["resourcedprovision", "unit", "senunit", "rp"]),
    ("alternative", &["alternativeprovision", "ap", "pru"]),
    ("independent", &["independentspecial", "nonmaintained", "nmss", "inmss"]),
    ("college", &["fe", "fecollege", "furthereducation"]),
    ("early_years", &["nursery", "earlyyearssetting"]),
    ("home", &["eotas", "electivehomeeducation", "ehe"]),
];

/// The types of need of the school census, and the four broad areas of the SEND Code of Practice (2015), 6.28–6.35.
const NEEDS: &List = &[
    ("asd", &["autism", "autisticspectrumdisorder", "autismspectrum"]),
    ("slcn", &["speechlanguageandcommunication", "speechlanguageandcommunicationneeds"]),
    ("semh", &["socialemotionalandmentalhealth"]),
    ("mld", &["moderatelearningdifficulty"]),
    ("sld", &["severelearningdifficulty"]),
    ("pmld", &["profoundandmultiplelearningdifficulty"]),
    ("spld", &["specificlearningdifficulty"]),
    ("hi", &["hearingimpairment"]),
    ("vi", &["visionimpairment", "visualimpairment"]),
    ("msi", &["multisensoryimpairment"]),
    ("pd", &["physicaldisability"]),
    ("ds", &["downsyndrome"]),
    ("other", &["oth", "otherdifficulty", "nsa"]),
    ("communication", &["communicationandinteraction"]),
    ("cognition", &["cognitionandlearning"]),
    ("sensory_physical", &["sensoryandphysical", "sensoryandorphysical"]),
];

const PHASES: &List = &[
    ("early_years", &["eyfs", "nursery", "reception", "preschool"]),
    ("primary", &["ks1", "ks2", "keystage1", "keystage2", "infant", "junior"]),
    ("secondary", &["ks3", "ks4", "keystage3", "keystage4"]),
    ("post_16", &["ks5", "keystage5", "sixthform", "post16to25", "college"]),
];

const STATUSES: &List = &[
    ("draft", &["proposed", "draftplan", "proposedamended"]),
    ("final", &["finalplan", "amendedfinal", "finalamended", "issued"]),
];

/// Days since 1 January 1970 of `2026-11-27`, `27/11/2026` or `2026-11` (its first day).
///
/// # Errors
/// What is wrong: no such day, or before there were such plans (1 September 2014).
pub fn date(given: &str) -> Result<i32, &'static str> {
    const WRONG: &str = "not a date such as 2026-11-27 or 27/11/2026";
    let given = given.split(['T', ' ']).next().unwrap_or(given);
    let numbers: Vec<u32> =
        given.split(['-', '/', '.']).map(|part| part.parse().ok()).collect::<Option<_>>().ok_or(WRONG)?;
    let (year, month, day) = match numbers[..] {
        [year, month] if year > 31 => (year, month, 1),
        [year, month, day] if year > 31 => (year, month, day),
        [day, month, year] if year > 31 => (year, month, day),
        _ => return Err(WRONG),
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return Err("no such month"),
    };
    if !(1..=longest).contains(&day) {
        return Err("no such day");
    }
    if (year, month) < (2014, 9) {
        return Err("before September 2014, when there were no such plans");
    }
    if year > 2099 {
        return Err("after 2099");
    }
    Ok(days(year as i32, month as i32, day as i32))
}

/// Days since 1 January 1970 in the Gregorian calendar (Hinnant, *chrono-compatible low-level date algorithms*, 2013).
fn days(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// A day counted from 1 January 1970 as `2026-11-27`.
pub fn written(day: i32) -> String {
    let (year, month) = month(day);
    format!("{year:04}-{month:02}-{:02}", day - days(year, month, 1) + 1)
}

/// Year and month of a day counted from 1 January 1970.
pub fn month(day: i32) -> (i32, i32) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i32::from(month <= 2), month)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_and_what_is_wrong_with_them() {
        assert_eq!(date("2026-11-27"), Ok(20_784));
        assert_eq!(date("27/11/2026"), date("2026-11-27"));
        assert_eq!(date("2026-11-27T09:00:00"), date("2026-11-27"));
        assert_eq!(date("2026-11"), date("2026-11-01"));
        for (wrong, why) in [
            ("2026-13-01", "no such month"),
            ("2026-02-29", "no such day"),
            ("31/09/2026", "no such day"),
            ("2013-01-01", "before September 2014"),
            ("soon", "not a date"),
            ("1/2/26", "not a date"),
        ] {
            assert!(date(wrong).expect_err(wrong).contains(why), "{wrong}");
        }
    }

    #[test]
    fn values_have_one_name() {
        assert_eq!(Field::Need.value("Autism").as_deref(), Ok("asd"));
        assert_eq!(Field::Phase.value("Post-16").as_deref(), Ok("post_16"));
        assert_eq!(Field::Phase.value("KS2").as_deref(), Ok("primary"));
        assert_eq!(Field::Setting.value("Special school").as_deref(), Ok("special"));
        assert!(Field::Need.value("primary").is_err());
        assert!(Field::Team.value(&"x".repeat(65)).is_err());
        assert_eq!(Field::called("Primary Need"), Some(Field::Need));
        assert_eq!(Field::called("text"), None);
    }

    proptest! {
        #[test]
        fn months_come_back(year in 2015_i32..2099, m in 1_i32..=12, day in 1_i32..=28) {
            let given = format!("{year:04}-{m:02}-{day:02}");
            let day = date(&given).expect("a date");
            prop_assert_eq!((month(day), written(day)), ((year, m), given));
        }
    }
}
