//! Signatures of a ledger in the format of minisign, beside it as `ledger.json.minisig`.

use std::io::Cursor;

use minisign::{PublicKey, PublicKeyBox, SecretKeyBox, SignatureBox};

use super::keep::{Readers, keep_file};
use super::ledger::ledger_path;
use crate::award::Ledger;
use crate::fair::{FairFile, Signing};
use crate::source::{Failure, Files, Message, Report, Span, code, say};

fn signature_path(fair: u32) -> String {
    format!("{}.minisig", ledger_path(fair))
}

/// Signs a ledger with a secret key as `minisign -G` writes it. A key with a password asks for it on the
/// terminal.
pub fn sign_ledger(files: &Files, ledger: &Ledger, key: &str) -> Result<String, Failure> {
    let failed =
        |error: minisign::PError| Failure::new(say!("sign the ledger"), std::io::Error::other(error));
    let key_box = || SecretKeyBox::from_string(key).map_err(failed);
    let secret_key = match key_box()?.into_unencrypted_secret_key() {
        Ok(secret_key) => secret_key,
        Err(_) => key_box()?.into_secret_key(None).map_err(failed)?,
    };
    let text = ledger.written();
    let entry = ledger.entries().len();
    let hash = ledger.last().map(|last| last.hash().to_owned()).unwrap_or_default();
    let comment = format!("jinbang ledger, fair {}, entry {entry}, {hash}", ledger.fair);
    let signature =
        minisign::sign(None, &secret_key, Cursor::new(text), Some(&comment), None).map_err(failed)?;
    let path = signature_path(ledger.fair);
    keep_file(files, &path, signature.into_string().as_bytes(), Readers::Usual)?;
    Ok(path)
}

/// Holds what is sealed on a fair against the key of its `signing`, where it names one. What is not signed with it, or not
/// sealed at all although its notice is published, is reported. Returns the comment that is signed with the ledger.
pub(super) fn check_signing(
    report: &mut Report,
    files: &Files,
    fair: &FairFile,
    ledger: Option<&Ledger>,
) -> Result<Option<String>, Failure> {
    let Some(Signing { public_key }) = &fair.signing else { return Ok(None) };
    let number = fair.fair.value;
    match ledger {
        Some(ledger) => check_signature(report, files, ledger, &public_key.value),
        // What is wrong with a ledger that is there was reported.
        None if fair.published().is_none() || files.is_file(&ledger_path(number)) => Ok(None),
        None => {
            report
                .error(
                    code::NOT_SEALED,
                    public_key.span,
                    say!("the notice of fair {number} is to be signed, and the fair is not sealed", number),
                )
                .hint(say!("seal and sign it: `jinbang seal {number} --sign FILE`", number));
            Ok(None)
        }
    }
}

/// Reports that a fair without tables is not taken from a ledger that nobody signed.
pub(super) fn report_untrusted(report: &mut Report, files: &Files, ledger: &Ledger) {
    let number = ledger.fair;
    report
        .error(
            code::LEDGER_SIGNATURE,
            Span::whole(files.id(&ledger_path(number))),
            say!("the tables of fair {number} are not here, and no signature says that its ledger can be relied on", number),
        )
        .hint(say!("where the tables are, sign it: `jinbang seal {number} --sign FILE`", number))
        .hint(say!("then name the key in fair.yaml: `signing: {{public_key: …}}`, the second line of the file with the public key"));
}

/// Checks the signature of a ledger with a public key: the text of the key, or of the file that holds it. What is
/// wrong is reported. Returns the comment that is signed with it.
pub fn check_signature(
    report: &mut Report,
    files: &Files,
    ledger: &Ledger,
    key: &str,
) -> Result<Option<String>, Failure> {
    let path = signature_path(ledger.fair);
    let file = files.id(&path);
    let mut wrong = |message: Message| {
        report
            .error(code::LEDGER_SIGNATURE, Span::whole(file), message)
            .hint(say!(
                "ask whoever sealed the fair for the signature of this ledger, and for the public key"
            ))
            .hint(say!(
                "whoever has the secret key signs it: `jinbang seal {fair} --sign FILE`",
                fair = ledger.fair
            ));
        Ok(None)
    };
    if !files.is_file(&path) {
        return wrong(say!("there is no file `{path}`", path));
    }
    let boxed = || PublicKeyBox::from_string(key).and_then(PublicKeyBox::into_public_key);
    let Ok(public_key) = PublicKey::from_base64(key.trim()).or_else(|_| boxed()) else {
        return wrong(say!("the key is no public key of minisign"));
    };
    let text = String::from_utf8(files.read(file)?).unwrap_or_default();
    let Ok(signature) = SignatureBox::from_string(&text) else {
        return wrong(say!("`{path}` is no signature of minisign", path));
    };
    let written = ledger.written();
    match minisign::verify(&public_key, &signature, Cursor::new(written), true, false, false) {
        Ok(()) => Ok(Some(signature.trusted_comment().unwrap_or_default())),
        Err(error) => wrong(say!("the signature does not hold ({why})", why = Message::foreign(error))),
    }
}
