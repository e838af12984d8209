//! `site.yaml`: what the site is called, where it is published, whom to ask.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use super::telephone::dialled;
use crate::data::{Spanned, decode_file, report_missing, web_address, web_address_hint};
use crate::fair::Country;
use crate::lang::{Lang, Localized};
use crate::source::{Failure, Files, Report, code, say};

/// The file `site.yaml`.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct SiteFile {
    /// Title of the site.
    pub title: Spanned<Localized>,
    /// What the site is, in a phrase.
    pub tagline: Spanned<Localized>,
    /// The name next to the logo.
    pub brand: Spanned<Localized>,
    /// The line under the name.
    pub brand_note: Spanned<Localized>,
    /// What it is, in a sentence.
    pub description: Spanned<Localized>,
    /// The address of the published site.
    pub base_url: Spanned<String>,
    /// The languages; the first is the original.
    pub languages: Vec<Spanned<Lang>>,
    /// The theme, by the name of its folder.
    pub theme: Spanned<String>,
    /// Who organises the fair.
    pub organiser: Organiser,
    /// The fair shown on the home page.
    pub current_fair: Spanned<u32>,
    /// The notice at the foot of every page.
    pub disclaimer: Spanned<Localized>,
    /// Registrations required by law at the foot of every page, such as the ICP number.
    #[serde(default)]
    pub filings: Vec<Filing>,
    /// Goods that enterprises of the sourcing zone trade in, by key.
    #[serde(default)]
    pub goods: BTreeMap<String, Spanned<Localized>>,
    /// Names of countries and regions by ISO 3166 code, for languages not built in, or to replace a built-in
    /// name.
    #[serde(default)]
    pub countries: BTreeMap<String, Spanned<Localized>>,
    /// Texts that may be shown in another language than that of the page.
    #[serde(default)]
    pub fallback: Fallback,
    /// Contacts, by key: roles, never names of persons.
    #[serde(default)]
    pub contacts: BTreeMap<String, Spanned<Contact>>,
    /// Former addresses of winners, files and others that have no file of their own, with the addresses of today: both
    /// without the language, such as `awards/137/E17/: awards/137/E00017/`, or both from the root.
    #[serde(default)]
    pub aliases: BTreeMap<Spanned<String>, Spanned<String>>,
    /// Published addresses that are gone for good, with the reason: without the language, such as `zone/old-name/`, or
    /// from the root. An address that ends with a slash stands for all below it.
    #[serde(default)]
    pub gone: BTreeMap<Spanned<String>, Spanned<Localized>>,
}

/// Texts that may be shown in another language than that of the page, marked with that language.
#[derive(Deserialize, JsonSchema, Clone, Default, Debug)]
#[serde(deny_unknown_fields)]
pub struct Fallback {
    /// The languages in which the name, the business, the profile and the purchasing list of an enterprise are
    /// shown where it has none in the language of the page: the first in which there is one. Without languages
    /// here a text that is missing is an error, as everywhere else.
    #[serde(default)]
    pub zone: Vec<Spanned<Lang>>,
}

/// Who organises the fair.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Organiser {
    /// Name.
    pub name: Spanned<Localized>,
}

/// A registration of the site with an authority.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Filing {
    /// What it is, with its number.
    pub text: Spanned<Localized>,
    /// Address where it can be checked.
    #[serde(default)]
    pub url: Option<Spanned<String>>,
}

/// A contact.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// What the contact is responsible for.
    pub role: Spanned<Localized>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<Spanned<String>>,
    /// Telephone number, with the country code; an extension after it as `ext. 3`.
    #[serde(default)]
    pub phone: Option<Spanned<String>>,
    /// Fax number, with the country code.
    #[serde(default)]
    pub fax: Option<String>,
    /// Website.
    #[serde(default)]
    pub website: Option<Spanned<String>>,
}

impl SiteFile {
    /// The languages, the authentic one first.
    pub fn languages(&self) -> Vec<Lang> {
        self.languages.iter().map(|lang| lang.value).collect()
    }
}

/// Whether mail can be sent to an address: a name and a host with an `@` between them, in the letters of addresses.
fn is_email(text: &str) -> bool {
    let plain = |part: &str| part.chars().all(|c| c.is_ascii_graphic() && !"@<>()[],;:\\\"".contains(c));
    text.split_once('@').is_some_and(|(name, host)| {
        let parts = host.split('.').all(|part| !part.is_empty());
        !name.is_empty() && plain(name) && plain(host) && parts && host.contains('.')
    })
}

/// The address that is meant by one to which no mail can be sent: in half-width letters, without `mailto:`, and without
/// spaces but those between words, which may be more than an address.
fn meant_email(text: &str) -> Option<String> {
    let text: String = text.nfkc().collect();
    let text = text.trim();
    let (name, host) = text.strip_prefix("mailto:").unwrap_or(text).split_once('@')?;
    let address = format!("{}@{}", name.trim(), host.trim());
    is_email(&address).then_some(address)
}

/// Reads `data/site.yaml`. `None` where there is none or it is wrong; that it is missing is not reported.
pub fn read_site(report: &mut Report, files: &Files) -> Result<Option<SiteFile>, Failure> {
    let path = "data/site.yaml";
    if !files.is_file(path) {
        return Ok(None);
    }
    let Some(site) = decode_file::<SiteFile>(report, files, path)? else { return Ok(None) };
    let languages = site.languages();
    if languages.is_empty() {
        // A list that cannot be read is no second error.
        if site.complete {
            report
                .error(code::NO_LANGUAGE, site.title.span, say!("the site has no languages"))
                .hint(say!("list the languages, such as `languages: [zh, en]`"));
        }
        return Ok(None);
    }
    let mut texts = vec![&site.title, &site.tagline, &site.brand, &site.brand_note, &site.description];
    texts.extend([&site.organiser.name, &site.disclaimer]);
    texts.extend(site.filings.iter().map(|filing| &filing.text));
    texts.extend(site.goods.values());
    texts.extend(site.contacts.values().map(|contact| &contact.value.role));
    for text in texts {
        report_missing(report, text, &languages);
    }
    for email in site.contacts.values().filter_map(|contact| contact.value.email.as_ref()) {
        if !is_email(&email.value) {
            report
                .error(
                    code::BAD_VALUE,
                    email.span,
                    say!("`{email}` is not an e-mail address", email = email.value),
                )
                .hint(match meant_email(&email.value) {
                    Some(address) => say!("write {value}", value = address),
                    None => say!("write an address such as info@example.org"),
                });
        }
    }
    for contact in site.contacts.values().map(|contact| &contact.value) {
        if let Some(phone) = contact.phone.as_ref().filter(|phone| dialled(&phone.value).is_none()) {
            report
                .error(
                    code::BAD_VALUE,
                    phone.span,
                    say!("`{phone}` is not a telephone number", phone = phone.value),
                )
                .hint(say!("write one number in digits with its country code, and an extension as `ext. 3`"));
        }
        if let Some(website) = &contact.website
            && web_address(&website.value).as_deref() != Some(website.value.as_str())
        {
            report
                .error(
                    code::BAD_WEBSITE,
                    website.span,
                    say!("`{given}` is not a web address", given = website.value),
                )
                .hint(web_address_hint(&website.value));
        }
    }
    for lang in site.fallback.zone.iter().filter(|lang| !languages.contains(&lang.value)) {
        report
            .error(
                code::FALLBACK_LANGUAGE,
                lang.span,
                say!("`{lang}` is not a language of the site", lang = lang.value),
            )
            .hint(say!("use languages listed under `languages`"));
    }
    for (country, name) in &site.countries {
        let found = Country::find(country);
        if found.is_none_or(|found| found.code() != country) {
            report
                .error(
                    code::UNKNOWN_COUNTRY,
                    name.span,
                    say!("no country or region has the code `{country}`", country),
                )
                .hint(match found {
                    Some(found) => say!("write {value}", value = found.code()),
                    None => say!("write the ISO 3166 code in capital letters, such as `FR`"),
                });
        }
    }
    Ok(Some(site.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_mail_is_rewritten_where_nothing_but_an_address_is_there() {
        for text in [" mailto:info@example.org", "ｉｎｆｏ＠example.org", "info @ example.org"] {
            assert!(!is_email(text), "{text}");
            assert_eq!(meant_email(text).as_deref(), Some("info@example.org"), "{text}");
        }
        for text in ["info@example.org 9:00", "Li info@example.org", "a@example.org, b@example.org", "info"] {
            assert_eq!(meant_email(text), None, "{text}");
        }
    }
}
