//! Drawings (SVG) that can be published: nothing runs in them, and nothing is loaded by them.
//!
//! Browsers run scripts of a drawing that is opened by its own address, as a page of this site. What drawing programs
//! note for themselves is left out, such as the folder of the file on the computer where it was drawn.

use std::io::Cursor;

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, Writer, XmlVersion};

use super::refusal::Refusal;

const SVG: &str = "http://www.w3.org/2000/svg";
const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// Elements that run, load or hold what is no drawing.
const ACTIVE: [&str; 6] = ["script", "foreignObject", "handler", "listener", "audio", "video"];

/// Elements that change an attribute of another one while the drawing is shown.
const ANIMATION: [&str; 4] = ["animate", "set", "animateTransform", "animateMotion"];

/// A drawing without what programs noted in it.
pub(super) fn drawing(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::Damaged)?;
    let mut reader = NsReader::from_str(text.trim_start_matches('\u{feff}'));
    let mut writer = Writer::new(Cursor::new(Vec::with_capacity(bytes.len())));
    let mut depth = 0_usize;
    // How many elements are open that are left out, one in the other.
    let mut passed = 0_usize;
    // What stands in the style that is open: comments may lie between its parts.
    let mut style: Option<String> = None;
    loop {
        let (space, event) = reader.read_resolved_event().map_err(|_| Refusal::Damaged)?;
        let space = match space {
            ResolveResult::Bound(space) => Some(space.into_inner().to_owned()),
            _ => None,
        };
        let event = match event {
            Event::Eof if depth == 0 => return Ok(writer.into_inner().into_inner()),
            Event::Eof => return Err(Refusal::Cut),
            Event::Start(_) if passed > 0 => {
                passed += 1;
                continue;
            }
            Event::End(_) if passed > 0 => {
                passed -= 1;
                continue;
            }
            _ if passed > 0 => continue,
            Event::Start(tag) => match element(&tag, space.as_deref())? {
                Some(element) => {
                    depth += 1;
                    style = (tag.local_name().as_ref() == "style").then(String::new);
                    Event::Start(element)
                }
                None => {
                    passed = 1;
                    continue;
                }
            },
            Event::Empty(tag) => match element(&tag, space.as_deref())? {
                Some(element) => Event::Empty(element),
                None => continue,
            },
            Event::End(tag) => {
                depth = depth.checked_sub(1).ok_or(Refusal::Damaged)?;
                if let Some(style) = style.take() {
                    check_style(&style)?;
                }
                Event::End(tag)
            }
            Event::Text(text) => {
                if let Some(style) = &mut style {
                    style.push_str(&text);
                }
                Event::Text(text)
            }
            Event::CData(text) => {
                if let Some(style) = &mut style {
                    style.push_str(&text);
                }
                Event::CData(text)
            }
            Event::GeneralRef(name) if style.is_some() => return Err(Refusal::Active(entity(&name))),
            // Only what XML itself names can be resolved without the declarations, which are left out.
            Event::GeneralRef(name) => match name.as_ref() {
                "amp" | "lt" | "gt" | "quot" | "apos" => Event::GeneralRef(name),
                number if number.starts_with('#') => Event::GeneralRef(name),
                _ => return Err(Refusal::Active(entity(&name))),
            },
            Event::DocType(_) | Event::Comment(_) | Event::PI(_) => continue,
            Event::Decl(declaration) => Event::Decl(declaration),
        };
        writer.write_event(event).expect("memory takes everything");
    }
}

fn entity(name: &str) -> String {
    format!("&{name};")
}

/// An element as it is published; None if it is left out with all that is in it.
fn element<'t>(tag: &BytesStart<'t>, space: Option<&str>) -> Result<Option<BytesStart<'t>>, Refusal> {
    let local = tag.local_name();
    let active = || Refusal::Active(format!("<{}>", local.as_ref()));
    let is = |names: &[&str]| names.iter().any(|name| local.as_ref().eq_ignore_ascii_case(name));
    if is(&ACTIVE) || space == Some(XHTML) {
        return Err(active());
    }
    if space != Some(SVG) || local.as_ref() == "metadata" {
        // Without the name of its language it is no drawing to browsers either.
        return match local.as_ref() {
            "svg" => Err(Refusal::Unmarked),
            _ => Ok(None),
        };
    }
    let mut element = BytesStart::new(tag.name().into_inner().to_owned());
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|_| Refusal::Damaged)?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Refusal::Damaged)?;
        let (local, prefix) = attribute.key.decompose();
        let prefix = prefix.map_or("", |prefix| prefix.into_inner());
        let local = local.into_inner();
        let name = attribute.key.into_inner();
        let said = || Refusal::Active(format!("{name}=\"{value}\""));
        let changes = is(&ANIMATION) && local.eq_ignore_ascii_case("attributeName");
        let names_a_link = |name: &str| {
            name.to_ascii_lowercase().ends_with("href") || name.to_ascii_lowercase().starts_with("on")
        };
        if local.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"))
            || (changes && names_a_link(&value))
        {
            return Err(said());
        }
        if (local.eq_ignore_ascii_case("href") || local.eq_ignore_ascii_case("src"))
            && !value.starts_with('#')
        {
            return Err(said());
        }
        // What draws may name a part of this drawing, and nothing else.
        check_style(&value)?;
        let is_ours = matches!(prefix, "" | "xlink" | "xml" | "xmlns");
        let is_name = prefix == "xmlns" && !matches!(value.as_ref(), SVG | "http://www.w3.org/1999/xlink");
        if is_ours && !is_name {
            element.push_attribute(attribute);
        }
    }
    Ok(Some(element))
}

/// Refuses a style that loads something.
fn check_style(style: &str) -> Result<(), Refusal> {
    let lower = style.to_ascii_lowercase();
    // A backslash can write any letter of a style in another way.
    if let Some(what) =
        ["@import", "javascript:", "expression(", "\\"].iter().find(|what| lower.contains(*what))
    {
        return Err(Refusal::Active((*what).to_owned()));
    }
    for (at, _) in lower.match_indices("url(") {
        let target = lower[at + 4..].trim_start().trim_start_matches(['"', '\'']);
        if !target.starts_with('#') {
            let end = style[at..].find(')').map_or(style.len(), |end| at + end + 1);
            return Err(Refusal::Active(style[at..end].to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inside: &str) -> Vec<u8> {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">{inside}</svg>")
            .into_bytes()
    }

    #[test]
    fn a_drawing_is_published_without_the_notes_of_programs() {
        let plain = svg(
            "<defs><g id=\"a\"/></defs><use xlink:href=\"#a\" style=\"fill:url(#b)\"/><text>甲 &amp; 乙</text>",
        );
        assert_eq!(drawing(&plain).unwrap(), plain);
        let noted = "<?xml version=\"1.0\"?><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x.dtd\"><!-- 张三 -->\
            <svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:inkscape=\"http://inkscape\" \
            inkscape:export-filename=\"/home/zhang\" width=\"4\"><inkscape:view a=\"/home\"><g/></inkscape:view>\
            <metadata><x>张三</x></metadata><path d=\"M0 0\"/></svg>";
        let published = String::from_utf8(drawing(noted.as_bytes()).unwrap()).unwrap();
        assert_eq!(
            published,
            "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\"><path d=\"M0 0\"/></svg>"
        );
    }

    #[test]
    fn a_drawing_that_runs_or_loads_something_is_refused() {
        #[track_caller]
        fn case(inside: &str, what: &str) {
            assert_eq!(drawing(&svg(inside)), Err(Refusal::Active(what.to_owned())));
        }
        case("<script>x()</script>", "<script>");
        case("<x:script xmlns:x=\"http://www.w3.org/2000/svg\"/>", "<script>");
        case("<foreignObject/>", "<foreignObject>");
        case("<p xmlns=\"http://www.w3.org/1999/xhtml\"/>", "<p>");
        case("<g onclick=\"x()\"/>", "onclick=\"x()\"");
        case("<g ONLOAD=\"x()\"/>", "ONLOAD=\"x()\"");
        case("<image href=\"https://a.org/x.png\"/>", "href=\"https://a.org/x.png\"");
        case("<a xlink:href=\"java&#115;cript:x()\"/>", "xlink:href=\"javascript:x()\"");
        case("<set attributeName=\"xlink:href\" to=\"x\"/>", "attributeName=\"xlink:href\"");
        case("<style>@import 'a.css';</style>", "@import");
        case("<style><![CDATA[a{fill:url(//a.org/x)}]]></style>", "url(//a.org/x)");
        case("<style>a{fill:u<!-- -->rl<![CDATA[(//a.org)]]>}</style>", "url(//a.org)");
        case("<style>a{fill:u\\72l(x)}</style>", "\\");
        case("<g style=\"fill:url( 'https://a.org' )\"/>", "url( 'https://a.org' )");
        case("<g>&ns_svg;</g>", "&ns_svg;");
        assert_eq!(drawing(b"<svg><g/></svg>"), Err(Refusal::Unmarked));
        assert_eq!(drawing(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><g>"), Err(Refusal::Cut));
        assert_eq!(drawing(b"<svg xmlns=\"http://www.w3.org/2000/svg\"></g>"), Err(Refusal::Damaged));
    }
}
