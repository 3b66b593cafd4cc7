//! This is what all our pages have in common: how their templates are read, and the head with its content policy, by which a
//! page loads nothing and runs nothing.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Value};

/// An environment with the template of one page, whose head begins with `{{ head }}`. The name's ending turns escaping
/// on.
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
    environment.add_global("head", Value::from_safe_string(include_str!("head.html").trim_end().to_owned()));
    environment.add_template(name, template)?;
    Ok(environment)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_page_has_the_one_policy() {
        for template in
            [include_str!("report.html"), include_str!("marked.html"), include_str!("../archive/report/report.html")]
        {
            assert_eq!(template.matches("{{ head }}").count(), 1);
            assert!(!template.contains("Content-Security-Policy"));
        }
        assert!(include_str!("head.html").contains("default-src 'none'; style-src 'unsafe-inline'"));
    }
}
