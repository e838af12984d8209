//! Whom to ask, as pages show it.

use serde::Serialize;

use super::context::PageContext;

/// A contact.
#[derive(Serialize, Clone)]
pub(super) struct ContactView {
    role: String,
    email: Option<String>,
    phone: Option<String>,
    phone_href: Option<String>,
    fax: Option<String>,
    website: Option<String>,
}

impl PageContext<'_> {
    pub(super) fn contact(&self, key: &str) -> Option<ContactView> {
        let contact = &self.material.site.contacts.get(key)?.value;
        let dialled = |phone: &String| {
            let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            format!("tel:{digits}")
        };
        Some(ContactView {
            role: self.in_language(&contact.role),
            email: contact.email.as_ref().map(|email| email.value.clone()),
            phone_href: contact.phone.as_ref().map(dialled),
            phone: contact.phone.clone(),
            fax: contact.fax.clone(),
            website: contact.website.clone(),
        })
    }

    pub(super) fn contacts<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> Vec<ContactView> {
        keys.into_iter().filter_map(|key| self.contact(key)).collect()
    }
}
