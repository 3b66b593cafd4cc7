//! This is metadata in few bytes: values numbered, so that a plan's take twenty bytes.

use super::{Field, Given, NAMED, date};
use std::collections::HashMap;

/// The number of a missing value, and the day of a missing date.
pub const MISSING: i32 = i32::MIN;

/// A plan's metadata by number; 0 is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coded {
    /// By [`Field`], without the date.
    pub codes: [u16; NAMED],
    /// Days since 1 January 1970, or [`MISSING`].
    pub day: i32,
}

impl Default for Coded {
    fn default() -> Self {
        Self { codes: [0; NAMED], day: MISSING }
    }
}

impl Coded {
    /// The same with what `other` knows more.
    pub fn or(mut self, other: Self) -> Self {
        for (mine, theirs) in self.codes.iter_mut().zip(other.codes) {
            if *mine == 0 {
                *mine = theirs;
            }
        }
        if self.day == MISSING {
            self.day = other.day;
        }
        self
    }
}

/// The values of each field, numbered as they came.
#[derive(Debug, Default)]
pub struct Names {
    lists: [Vec<String>; NAMED],
    numbers: [HashMap<String, u16>; NAMED],
}

impl Names {
    /// The metadata by number; each value that cannot be right goes to `wrong` and counts as missing.
    pub fn code(&mut self, given: &Given, mut wrong: impl FnMut(Field, &'static str)) -> Coded {
        let mut coded = Coded::default();
        for field in Field::ALL {
            let Some(value) = given.get(field) else { continue };
            match field.value(value) {
                Err(why) => wrong(field, why),
                Ok(_) if field == Field::Date => coded.day = date(value).unwrap_or(MISSING),
                Ok(value) => match self.number(field, value) {
                    Some(number) => coded.codes[field as usize] = number,
                    None => wrong(field, "more than 65,535 different values"),
                },
            }
        }
        coded
    }

    /// The value of a number; `None` for a missing one.
    pub fn name(&self, field: Field, number: u16) -> Option<&str> {
        let at = usize::from(number).checked_sub(1)?;
        self.lists.get(field as usize)?.get(at).map(String::as_str)
    }

    /// How many values a field has.
    pub fn count(&self, field: Field) -> usize {
        self.lists.get(field as usize).map_or(0, Vec::len)
    }

    fn number(&mut self, field: Field, value: String) -> Option<u16> {
        let (list, numbers) = (self.lists.get_mut(field as usize)?, self.numbers.get_mut(field as usize)?);
        if let Some(number) = numbers.get(&value) {
            return Some(*number);
        }
        let number = u16::try_from(list.len() + 1).ok()?;
        list.push(value.clone());
        numbers.insert(value, number);
        Some(number)
    }
}
