//! This is what an element's `style` and `class` say that matters for reading it.

use scraper::node::Element;

/// True where a browser shows nothing.
pub(super) fn is_hidden(element: &Element) -> bool {
    if element.attr("hidden").is_some_and(|value| !value.eq_ignore_ascii_case("until-found")) {
        return true;
    }
    matches!(property(element, "display"), Some(value) if value.eq_ignore_ascii_case("none"))
        || matches!(property(element, "visibility"), Some(value) if value.eq_ignore_ascii_case("hidden"))
        || matches!(property(element, "mso-hide"), Some(value) if value.eq_ignore_ascii_case("all"))
}

/// What the element makes of boldness: on, off, or as it was.
pub(super) fn bold(element: &Element) -> Option<bool> {
    if let Some(weight) = property(element, "font-weight") {
        return match weight {
            "normal" | "lighter" => Some(false),
            "bold" | "bolder" => Some(true),
            number => number.parse::<u32>().ok().map(|weight| weight >= 600),
        };
    }
    matches!(element.name(), "b" | "strong" | "th" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6").then_some(true)
}

/// Level of a Word list paragraph (`mso-list:l0 level2 lfo1`), 0 for the outermost.
pub(super) fn word_list_level(element: &Element) -> Option<u8> {
    let list = property(element, "mso-list")?;
    let level = list.split_whitespace().find_map(|word| word.strip_prefix("level"))?;
    level.parse::<u8>().ok().map(|level| level.saturating_sub(1))
}

/// True for the stretch in which Word writes the list mark out.
pub(super) fn is_word_list_mark(element: &Element) -> bool {
    matches!(property(element, "mso-list"), Some(value) if value.eq_ignore_ascii_case("ignore"))
}

/// What Word says that a part of the page is: `footnote`, `header`, …
pub(super) fn word_part(element: &Element) -> Option<&str> {
    property(element, "mso-element")
}

/// True for the boxes in which LibreOffice saves page headers and footers.
pub(super) fn is_page_margin(element: &Element) -> bool {
    element.name() == "div" && matches!(element.attr("title"), Some("header" | "footer"))
}

/// True where one of the element's classes is `class`.
pub(super) fn has_class(element: &Element, class: &str) -> bool {
    element.attr("class").is_some_and(|classes| classes.split_whitespace().any(|one| one.eq_ignore_ascii_case(class)))
}

/// The value of a style property.
pub(super) fn property<'e>(element: &'e Element, name: &str) -> Option<&'e str> {
    let style = element.attr("style")?;
    style.split(';').rev().find_map(|declaration| {
        let (property, value) = declaration.split_once(':')?;
        property.trim().eq_ignore_ascii_case(name).then(|| {
            let value = value.trim();
            value.strip_suffix("!important").map_or(value, str::trim)
        })
    })
}
