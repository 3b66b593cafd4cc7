//! This is the list of blanks: all that a suggestion may ask for.

/// Something that the writer has to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Blank {
    /// Who gives the help.
    Role,
    /// What the help is.
    Help,
    /// Alone, or in a group of which size.
    Group,
    /// How long each time.
    Length,
    /// How often.
    Times,
    /// How many.
    Number,
    /// Where and when a thing is used.
    Use,
    /// By when.
    Deadline,
    /// The child.
    Name,
    /// What the child will do.
    Act,
    /// How one would see that it is met.
    Measure,
}

impl Blank {
    /// Every blank.
    pub const ALL: [Self; 11] = [
        Self::Role,
        Self::Help,
        Self::Group,
        Self::Length,
        Self::Times,
        Self::Number,
        Self::Use,
        Self::Deadline,
        Self::Name,
        Self::Act,
        Self::Measure,
    ];

    /// The blank as a writer sees it: no digit, number word, role or programme.
    pub fn text(self) -> &'static str {
        match self {
            Self::Role => "[role and qualification]",
            Self::Help => "[named help and what it consists of]",
            Self::Group => "[individually or in a group of how many]",
            Self::Length => "[minutes]",
            Self::Times => "[times a week]",
            Self::Number => "[number of]",
            Self::Use => "[where and when it is used]",
            Self::Deadline => "[date, term or key stage]",
            Self::Name => "[name]",
            Self::Act => "[do what, seen by anybody]",
            Self::Measure => "[how often, how well or with how little help]",
        }
    }

    /// One sensible filling. It never stands in a suggestion; it shows that the filled suggestion passes.
    pub fn example(self) -> &'static str {
        match self {
            Self::Role => "a qualified speech and language therapist",
            Self::Help => "a phonological awareness programme",
            Self::Group => "in a group of three pupils",
            Self::Length => "30 minutes",
            Self::Times => "three times a week",
            Self::Number => "four",
            Self::Use => "in his classroom in every lesson",
            Self::Deadline => "the end of Year 6",
            Self::Name => "Sam",
            Self::Act => "pack his own swimming bag",
            Self::Measure => "without adult help on 4 out of 5 occasions",
        }
    }
}
