//! This is what the law of a kind of plan asks for: which authority stands behind a finding, and how bad it can be at most.
//!
//! Rules are written for the plans of England, with its law as their source. Where another law asks for less, or nothing
//! that could be read asks for it, a finding is not an error: the framework's file says so, with where and when it was read.

use crate::rules::{Finding, Severity, Source};
use serde::Deserialize;

/// What the law says of some sections, or of some rules in them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// Ids of the sections; all where it is empty.
    #[serde(default)]
    pub sections: Vec<String>,
    /// Rules by their ids, or by a folder: `outcome/`; all where it is empty.
    #[serde(default)]
    pub rules: Vec<String>,
    /// In a sentence, what the law asks for there, or that nothing read asks for it.
    pub says: String,
    /// How bad a finding of these rules can be there; no limit where it is not given.
    #[serde(default)]
    pub at_most: Option<Severity>,
    /// Where it was read.
    pub source: Source,
}

impl Law {
    /// True where it is about that rule in that section.
    pub fn is_about(&self, section: &str, rule: &str) -> bool {
        let names = |asked: &String| asked == rule || (asked.ends_with('/') && rule.starts_with(asked.as_str()));
        (self.sections.is_empty() || self.sections.iter().any(|id| id == section))
            && (self.rules.is_empty() || self.rules.iter().any(names))
    }
}

/// Makes each finding as bad as the law lets it be there. Where all that is left of a vague statement would be notes, the
/// findings stay warnings: it fails all the same, and a writer has to see where.
pub(crate) fn limit(laws: &[Law], section: &str, vague: bool, findings: &mut [Finding]) {
    let lowest = |finding: &Finding| {
        let limits = laws.iter().filter(|law| law.is_about(section, &finding.rule)).filter_map(|law| law.at_most);
        limits.min().map_or(finding.severity, |limit: Severity| limit.min(finding.severity))
    };
    let limited: Vec<Severity> = findings.iter().map(lowest).collect();
    let told = limited.iter().any(|severity| *severity >= Severity::Warning);
    for (finding, severity) in findings.iter_mut().zip(limited) {
        let floor = if vague && !told { Severity::Warning.min(finding.severity) } else { Severity::Note };
        finding.severity = severity.max(floor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    fn law(sections: &[&str], rules: &[&str], at_most: Option<Severity>) -> Law {
        let own = |list: &[&str]| list.iter().map(|&s| s.to_owned()).collect();
        let source = Source { title: "an Act".into(), url: "https://example.org".into(), read: "2026-11-28".into() };
        Law { sections: own(sections), rules: own(rules), says: "it says".into(), at_most, source }
    }

    fn limited(laws: &[Law], section: &str, vague: bool, findings: &[(&str, Severity)]) -> Vec<Severity> {
        let finding = |&(rule, severity): &(&str, Severity)| Finding {
            rule: rule.to_owned(),
            severity,
            span: Span::new(0, 1),
            message: String::new(),
        };
        let mut findings: Vec<Finding> = findings.iter().map(finding).collect();
        limit(laws, section, vague, &mut findings);
        findings.into_iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn a_limit_holds_for_its_sections_and_rules_and_never_raises() {
        use Severity::{Error, Note, Warning};
        let laws =
            [law(&["6"], &[], Some(Warning)), law(&[], &["outcome/no-deadline"], Some(Note)), law(&[], &[], None)];
        assert_eq!(limited(&laws, "3", true, &[("provision/should", Error)]), [Error]);
        assert_eq!(limited(&laws, "6", true, &[("provision/should", Error)]), [Warning]);
        assert_eq!(limited(&laws, "6", false, &[("provision/should", Note)]), [Note]);
        let two = [("outcome/no-deadline", Warning), ("outcome/aim", Error)];
        assert_eq!(limited(&laws, "3", true, &two), [Note, Error]);
    }

    #[test]
    fn a_vague_statement_keeps_a_warning() {
        use Severity::{Error, Note, Warning};
        let laws = [law(&[], &["outcome/"], Some(Note))];
        assert_eq!(limited(&laws, "", true, &[("outcome/aim", Error), ("outcome/x", Note)]), [Warning, Note]);
        assert_eq!(limited(&laws, "", false, &[("outcome/aim", Error)]), [Note]);
        assert_eq!(limited(&laws, "", true, &[]), []);
    }
}
