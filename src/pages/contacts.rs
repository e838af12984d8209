//! Whom to ask, as pages show it.

use serde::Serialize;

use super::context::PageContext;
use super::telephone::dialled;

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
        Some(ContactView {
            role: self.in_language(&contact.role),
            email: contact.email.as_ref().map(|email| email.value.clone()),
            phone_href: contact.phone.as_ref().and_then(|phone| dialled(&phone.value)),
            phone: contact.phone.as_ref().map(|phone| phone.value.clone()),
            fax: contact.fax.clone(),
            website: contact.website.as_ref().map(|website| website.value.clone()),
        })
    }

    pub(super) fn contacts<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> Vec<ContactView> {
        keys.into_iter().filter_map(|key| self.contact(key)).collect()
    }
}
