//! Signatures of the header of a ledger in the format of minisign, beside it as `seal.json.minisig`.

use std::io::Cursor;

use minisign::{PublicKey, PublicKeyBox, SecretKey, SecretKeyBox, SignatureBox};

use super::atomic_write::keep_file;
use super::ledger::without_mark;
use super::ledger_files::seal_path;
use crate::award::Seal;
use crate::fair::{FairFile, Signing};
use crate::source::write::Readers;
use crate::source::{Failure, Files, Message, Report, Span, code, say};

/// The path of the signature of a fair's header.
pub fn signature_path(fair: u32) -> String {
    format!("{}.minisig", seal_path(fair))
}

/// A secret key as `minisign -G` writes it. One with a password asks for it on the terminal.
pub fn read_secret_key(key: &str) -> Result<SecretKey, Failure> {
    let failed =
        |error: minisign::PError| Failure::new(say!("read the secret key"), std::io::Error::other(error));
    let key_box = || SecretKeyBox::from_string(key).map_err(failed);
    match key_box()?.into_unencrypted_secret_key() {
        Ok(secret_key) => Ok(secret_key),
        Err(_) => key_box()?.into_secret_key(None).map_err(failed),
    }
}

/// Signs a header. Returns the path of the signature.
pub fn sign_seal(files: &Files, seal: &Seal, key: &SecretKey) -> Result<String, Failure> {
    let text = seal.written();
    let comment =
        format!("jinbang seal, fair {}, entry {}, sha256 {}", seal.fair, seal.entries.len(), seal.hash());
    let signature = minisign::sign(None, key, Cursor::new(text), Some(&comment), None);
    let signature =
        signature.map_err(|error| Failure::new(say!("sign the header"), std::io::Error::other(error)))?;
    let path = signature_path(seal.fair);
    keep_file(files, &path, signature.into_string().as_bytes(), Readers::Usual)?;
    Ok(path)
}

/// Holds what is sealed on a fair against the key of its `signing`, where it names one. What is not signed with it, or not
/// sealed at all although its notice is published, is reported. Returns the comment that is signed with the ledger.
pub(super) fn check_signing(
    report: &mut Report,
    files: &Files,
    fair: &FairFile,
    seal: Option<&Seal>,
) -> Result<Option<String>, Failure> {
    let Some(Signing { public_key }) = &fair.signing else { return Ok(None) };
    let number = fair.fair.value;
    if PublicKey::from_base64(public_key.value.trim()).is_err() {
        report
            .error(code::LEDGER_SIGNATURE, public_key.span, say!("the key is not a minisign public key"))
            .hint(say!("copy the second line of the public key file that `minisign -G` creates"));
        return Ok(None);
    }
    match seal {
        Some(seal) => check_signature(report, files, seal, &signature_path(number), &public_key.value),
        // What is wrong with a ledger that is there was reported.
        None if fair.published().is_none() || files.is_file(&seal_path(number)) => Ok(None),
        None => {
            report
                .error(
                    code::NOT_SEALED,
                    public_key.span,
                    say!("the notice of fair {number} must be signed, but the fair is not sealed", number),
                )
                .hint(say!("seal and sign it: `jinbang seal {number} --sign FILE`", number));
            Ok(None)
        }
    }
}

/// Reports that a fair without tables is not taken from a ledger that nobody signed.
pub(super) fn report_untrusted(report: &mut Report, files: &Files, seal: &Seal) {
    let number = seal.fair;
    report
        .error(
            code::LEDGER_SIGNATURE,
            Span::whole(files.id(&seal_path(number))),
            say!("the tables of fair {number} are missing, and its header has no signature", number),
        )
        .hint(say!("sign it where the tables are: `jinbang seal {number} --sign FILE`", number))
        .hint(say!("then add the key to fair.yaml: `signing: {{public_key: …}}`, the second line of the public key file"));
}

/// Checks the signature of a header, which stands in a file of its own, with a public key: the text of the key, or of the
/// file that holds it. What is wrong is reported. Returns the comment that is signed with it.
pub fn check_signature(
    report: &mut Report,
    files: &Files,
    seal: &Seal,
    path: &str,
    key: &str,
) -> Result<Option<String>, Failure> {
    let file = files.id(path);
    let mut wrong = |message: Message| {
        report
            .error(code::LEDGER_SIGNATURE, Span::whole(file), message)
            .hint(say!(
                "ask whoever sealed the fair for the signature of this header, and for the public key"
            ))
            .hint(say!(
                "the holder of the secret key signs it with `jinbang seal {fair} --sign FILE`",
                fair = seal.fair
            ));
        Ok(None)
    };
    if !files.is_file(path) {
        return wrong(say!("file not found: `{path}`", path));
    }
    let boxed = || PublicKeyBox::from_string(key).and_then(PublicKeyBox::into_public_key);
    let Ok(public_key) = PublicKey::from_base64(key.trim()).or_else(|_| boxed()) else {
        return wrong(say!("the key is not a minisign public key"));
    };
    let text = String::from_utf8(files.read(file)?).unwrap_or_default();
    let Ok(signature) = SignatureBox::from_string(without_mark(&text)) else {
        return wrong(say!("`{path}` is not a minisign signature", path));
    };
    let written = seal.written();
    match minisign::verify(&public_key, &signature, Cursor::new(written), true, false, false) {
        Ok(()) => Ok(Some(signature.trusted_comment().unwrap_or_default())),
        Err(error) => wrong(say!("the signature is not valid ({why})", why = Message::foreign(error))),
    }
}
