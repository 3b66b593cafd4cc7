//! This is metadata from a file's path, by a pattern such as `{area}/{team}/{date}_{id}.docx`.

use super::{Field, Given};

/// A pattern for paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Words(String),
    Field(Field),
    /// `{id}`, `{*}`, or a name that is no field: skipped.
    Anything,
}

impl PathPattern {
    /// Reads a pattern. Words in braces are fields, `{*}` is anything, all else stands for itself; it is matched at the end of
    /// the path, and no field reaches over a `/`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(pattern: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = pattern;
        while let Some((words, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or("a { has no }; write {team}/{date}_{*}")?;
            if !words.is_empty() {
                pieces.push(Piece::Words(words.to_owned()));
            } else if pieces.last().is_some_and(|piece| !matches!(piece, Piece::Words(_))) {
                return Err(format!("nothing stands before {{{name}}}, so that nobody can tell where it begins"));
            }
            pieces.push(match (Field::called(name), name) {
                (Some(field), _) => Piece::Field(field),
                (None, "*" | "id") => Piece::Anything,
                (None, _) => {
                    let names: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
                    return Err(format!("{{{name}}} is no field; the fields are {}, and {{*}}", names.join(", ")));
                }
            });
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Words(rest.to_owned()));
        }
        if !pieces.iter().any(|piece| matches!(piece, Piece::Field(_))) {
            return Err("it names no field; write for instance {team}/{date}_{*}".to_owned());
        }
        Ok(Self(pieces))
    }

    /// The metadata in a path; empty where it does not match.
    pub fn read(&self, path: &str) -> Given {
        let starts = std::iter::once(0).chain(path.match_indices('/').map(|(at, _)| at + 1));
        let mut found = Given::default();
        for start in starts {
            let mut given = Given::default();
            if self.at(path.get(start..).unwrap_or(""), 0, &mut given) {
                found = given;
                break;
            }
        }
        found
    }

    fn at(&self, path: &str, piece: usize, given: &mut Given) -> bool {
        match self.0.get(piece) {
            // An ending that the pattern does not name is not looked at.
            None => path.is_empty() || (path.starts_with('.') && !path.contains('/')),
            Some(Piece::Words(words)) => {
                path.strip_prefix(words.as_str()).is_some_and(|rest| self.at(rest, piece + 1, given))
            }
            Some(what) => {
                let longest = path.find('/').unwrap_or(path.len());
                let ends = (1..=longest).filter(|at| path.is_char_boundary(*at));
                for end in ends {
                    if self.at(&path[end..], piece + 1, given) {
                        if let Piece::Field(field) = what {
                            given.set(*field, &path[..end]);
                        }
                        return true;
                    }
                }
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_read_paths() {
        let pattern = PathPattern::new("{area}/{team}/{date}_{*}").expect("a pattern");
        let given = pattern.read("archive/North/Team 3/2025-04-01_p17.docx");
        assert_eq!(
            (given.get(Field::Area), given.get(Field::Team), given.get(Field::Date)),
            (Some("North"), Some("Team 3"), Some("2025-04-01"))
        );
        assert_eq!(pattern.read("p17.docx"), Given::default());
        for wrong in ["{team", "{team}{date}", "{colour}/x", "plain"] {
            assert!(PathPattern::new(wrong).is_err(), "{wrong}");
        }
    }
}
