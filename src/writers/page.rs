//! This is what our pages have in common: how their templates are read, the head with its content policy, by which a page loads
//! nothing and runs nothing, and the styles that more than one of them has.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Value};

/// An environment with the template of one page, whose head begins with `{{ head }}`; it may take the styles `{{ style }}` and, to
/// look like the report, `{{ report_style }}`. The name's ending turns escaping on.
///
/// # Errors
/// [`minijinja::Error`] where the template is none, which a test of each page rules out.
pub(crate) fn environment(
    name: &'static str,
    template: &'static str,
) -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment
        .set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    let files = [
        ("head", include_str!("head.html")),
        ("style", include_str!("style.css")),
        ("report_style", include_str!("report.css")),
    ];
    for (name, text) in files {
        environment.add_global(name, Value::from_safe_string(text.trim_end().to_owned()));
    }
    environment.add_template(name, template)?;
    Ok(environment)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_page_has_the_one_policy() {
        for template in [
            include_str!("report.html"),
            include_str!("marked.html"),
            include_str!("compared/compared.html"),
            include_str!("../archive/report/report.html"),
        ] {
            assert_eq!(template.matches("{{ head }}").count(), 1);
            assert!(!template.contains("Content-Security-Policy"));
        }
        assert!(include_str!("head.html").contains("default-src 'none'; style-src 'unsafe-inline'"));
    }
}
