//! The header of a ledger as it is published: its file beside the notice, and its hash wherever the notice is told of.

use serde::Serialize;

use super::addresses;
use super::context::PageContext;
use super::material::{Material, MaterialFair, root_place};
use super::notice::Notices;
use crate::site::Artifact;

/// What pages say of it.
#[derive(Serialize, Clone)]
pub(super) struct SealView {
    url: String,
    pub(super) sha256: String,
    signature_url: Option<String>,
}

/// What pages say of the header of a fair, where it is sealed.
pub(super) fn seal_view(context: &PageContext<'_>, fair: &MaterialFair<'_>) -> Option<SealView> {
    let seal = fair.published_seal()?;
    let url = |path: String| context.material.base.path_url(&root_place(&path));
    Some(SealView {
        url: url(addresses::seal(fair.number())),
        sha256: seal.sha256.clone(),
        signature_url: seal.signature.as_ref().map(|_| url(addresses::signature(fair.number()))),
    })
}

/// Adds the headers of the fairs whose notices are published, and their signatures.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, material: &'a Material<'a>, notices: &Notices) {
    for notice in notices.published() {
        let Some(seal) = material.fairs[notice.index].published_seal() else { continue };
        artifacts.push(Artifact::bytes(root_place(&addresses::seal(notice.fair)), seal.text.as_bytes()));
        if let Some(signature) = &seal.signature {
            let place = root_place(&addresses::signature(notice.fair));
            artifacts.push(Artifact::bytes(place, signature.as_slice()));
        }
    }
}
