//! The header of a ledger as it is published: its file beside the notice, and its hash wherever the notice is told of.

use serde::Serialize;

use super::frame::Framer;
use super::notice::Notices;
use super::plan::{Material, MaterialFair};
use crate::data::Date;
use crate::fair::NoticeState;
use crate::site::{Artifact, Permalink};
use crate::source::{Report, code, say};

/// The header of a ledger.
#[derive(Clone, Debug)]
pub struct PublishedSeal {
    /// Its file.
    pub text: String,
    /// The SHA-256 of that, in hexadecimal digits.
    pub sha256: String,
    /// The signature, where it is signed.
    pub signature: Option<Vec<u8>>,
    /// The day of its last entry.
    pub date: Date,
    /// Where the notice stands by its entries.
    pub state: NoticeState,
}

/// Reports a list that is further by its days than by what was sealed. An error where the list is to be signed: what has
/// no signature is not published.
pub(super) fn report_behind(report: &mut Report, fair: &MaterialFair<'_>, state: NoticeState) {
    let Some(seal) = fair.seal else { return };
    let is_behind = match state {
        NoticeState::Proposed => false,
        NoticeState::InNotice | NoticeState::Closed => seal.state == NoticeState::Proposed,
        NoticeState::Final => seal.state != NoticeState::Final,
    };
    if !is_behind {
        return;
    }
    let number = fair.fair.fair.value;
    let message = say!(
        "by its days the list of fair {number} is `{state}`, and by what was sealed it is `{sealed}`",
        number,
        state = state.name(),
        sealed = seal.state.name()
    );
    let draft = match fair.fair.signing {
        Some(_) => report.error(code::NOT_SEALED, fair.fair.fair.span, message),
        None => report.warning(code::NOT_SEALED, fair.fair.fair.span, message),
    };
    draft.hint(say!("seal it: `jinbang seal {number}`", number));
}

/// What pages say of it.
#[derive(Serialize, Clone)]
pub(super) struct SealView {
    url: String,
    pub(super) sha256: String,
    signature_url: Option<String>,
}

fn place(fair: u32) -> Permalink {
    Permalink::new(format!("awards/{fair}/seal.json")).expect("a number is sound")
}

fn signature_place(fair: u32) -> Permalink {
    Permalink::new(format!("awards/{fair}/seal.json.minisig")).expect("a number is sound")
}

/// What pages say of the header of a fair, where it is sealed.
pub(super) fn view(framer: &Framer<'_>, index: usize) -> Option<SealView> {
    let fair = &framer.material.fairs[index];
    let seal = fair.seal.filter(|seal| seal.state != NoticeState::Proposed)?;
    let number = fair.fair.fair.value;
    let url = |place: Permalink| framer.material.base.path_url(&place);
    Some(SealView {
        url: url(place(number)),
        sha256: seal.sha256.clone(),
        signature_url: seal.signature.as_ref().map(|_| url(signature_place(number))),
    })
}

/// Adds the headers of the fairs whose notices are published, and their signatures.
pub(super) fn add_root<'a>(artifacts: &mut Vec<Artifact<'a>>, material: &'a Material<'a>, notices: &Notices) {
    for (fair, _) in material.fairs.iter().zip(&notices.fairs).filter(|(_, notice)| notice.is_some()) {
        let Some(seal) = fair.seal.filter(|seal| seal.state != NoticeState::Proposed) else { continue };
        let number = fair.fair.fair.value;
        artifacts.push(Artifact::bytes(place(number), seal.text.as_bytes()));
        if let Some(signature) = &seal.signature {
            artifacts.push(Artifact::bytes(signature_place(number), signature.as_slice()));
        }
    }
}
