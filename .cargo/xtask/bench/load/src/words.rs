//! What the phones send: notes of about 200 bytes of Italian words.

use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use domain::op::{Known, Op, SCHEMA};

use crate::chance::Chance;

/// Bytes of words in one note.
const WORDS_BYTES: usize = 200;

/// Words of the reports that are written about families, and the small ones between them.
static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    "la il di che e con per una alla non del si ha sono della ancora madre padre figlio \
    figlia nonna famiglia scuola visita colloquio sportello domanda documenti permesso \
    soggiorno lavoro contratto affitto casa medico pediatra vaccini certificato \
    insegnante compiti lettura italiano corso mattina pomeriggio sera prossima settimana \
    giovedì lunedì insieme compilato firmato portato chiamato ascoltato spiegato chiesto \
    risposto deciso rimandato accompagnata autobus stazione comune anagrafe residenza \
    assegno bonifico spesa bolletta luce gas riscaldamento vicina parrocchia biblioteca \
    palestra amici cucina bambini nido mensa iscrizione graduatoria attesa obiettivo \
    piano passo fiducia preoccupata contenta serena stanca perché però"
        .split_whitespace()
        .collect()
});

/// A note's words, drawn by chance.
fn words(chance: &mut Chance) -> String {
    let mut text = String::with_capacity(WORDS_BYTES + 16);
    while text.len() < WORDS_BYTES {
        text.push_str(chance.one_of(&WORDS));
        text.push(' ');
    }
    text
}

/// The clock on the wall.
pub fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since.unwrap_or_default().as_millis();
    Millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

/// Who writes, and where.
#[derive(Clone, Copy, Debug)]
pub struct Desk {
    /// The author.
    pub author: UserId,
    /// Their phone.
    pub device: DeviceId,
    /// The family's file.
    pub scope: ScopeId,
}

/// The next note of this phone, which has written `counted` before.
pub fn note(desk: &Desk, counted: u64, chance: &mut Chance) -> Op {
    let now = now();
    let note = Known::NoteAdded {
        words: words(chance),
        corrects: None,
    };
    Op {
        id: OpId::new(now, chance.id_bits()),
        device: desk.device,
        device_seq: counted.saturating_add(1),
        scope: desk.scope,
        author: desk.author,
        at: now,
        schema: SCHEMA,
        replaces: Vec::new(),
        change: note.into(),
    }
}
