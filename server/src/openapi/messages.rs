//! What travels over `/api/v1`, as the description has it: a mirror of [`replica::message`],
//! [`replica::quarantine`] and [`replica::sealed`], which know nothing of descriptions so that the
//! phone does not carry them. Tests hold real messages against it.

use utoipa::ToSchema;
use uuid::Uuid;

/// One change that somebody made: an intention, with who made it and where. Never changed by
/// anybody on the way. The server keeps one that it cannot read, too, and refuses it.
#[derive(ToSchema)]
pub struct Op {
    /// Identity of the change (UUIDv7). Same id, same bytes.
    pub id: Uuid,
    /// The device that made it.
    pub device: Uuid,
    /// The device's own count, from 1.
    pub device_seq: u64,
    /// The file that it belongs to.
    pub scope: Uuid,
    /// Who made it.
    pub author: Uuid,
    /// When, in milliseconds since 1970 by the author's device: shown, never used to decide.
    pub at: i64,
    /// The schema with which it was written.
    pub schema: u16,
    /// For a write to a field: the writes that its author had on screen.
    #[schema(required = false)]
    pub replaces: Vec<Uuid>,
    /// What changed: an object whose only key names the kind of change.
    #[schema(value_type = std::collections::BTreeMap<String, serde_json::Value>)]
    pub change: serde_json::Value,
}

/// What a phone asks: here is what I wrote, and this is how far I have read.
#[derive(ToSchema)]
pub struct SyncRequest {
    /// The version of the messages; this server speaks 1.
    #[schema(minimum = 0, maximum = 65535)]
    pub protocol: u16,
    /// The phone.
    pub device: Uuid,
    /// Whose copy asks. Has to be who is signed in.
    pub owner: Uuid,
    /// The list of grants that the phone knows.
    pub grant_epoch: u64,
    /// How far the phone has read.
    pub position: Position,
    /// Unsent ops, in the order of their `device_seq`; together 256 KiB at most.
    #[schema(required = false, max_items = 500)]
    pub ops: Vec<Op>,
    /// Scopes that the phone has purged since the server took them away. The app names 100 at most
    /// and the others in its next request; as many as a request holds are taken.
    #[schema(required = false)]
    pub purged: Vec<Uuid>,
    /// Refused ops of which the phone does not know yet what became of them.
    #[schema(required = false, max_items = 50)]
    pub refused: Vec<Uuid>,
}

/// How far a phone has read.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Position {
    /// A hash of all cursors (FNV-1a, 64 bits): enough to learn that nothing is new.
    Digest(u64),
    /// Every cursor.
    Cursors(Vec<Cursor>),
}

/// The last number read of one scope. A scope that is not listed was never read.
#[derive(ToSchema)]
pub struct Cursor {
    /// The scope.
    pub scope: Uuid,
    /// The number of the last op that is stored on the phone.
    pub seq: u64,
}

/// What the server answers to a sync, after its commit.
#[derive(ToSchema)]
pub struct SyncReply {
    /// The server's time, in milliseconds since 1970.
    pub now: i64,
    /// Changes when the server was restored from a backup.
    pub restore_epoch: u64,
    /// The list of grants that the server holds for this person.
    pub grant_epoch: u64,
    /// Every scope granted, next visit first. Sent when the phone's `grant_epoch` is another.
    #[schema(required = false)]
    pub grants: Vec<Grant>,
    /// One for each op of the request.
    #[schema(required = false)]
    pub receipts: Vec<Receipt>,
    /// New ops, scope by scope.
    #[schema(required = false)]
    pub pages: Vec<Page>,
    /// What became of the refused ops that were asked after, where there is news.
    #[schema(required = false)]
    pub settled: Vec<Settled>,
    /// Where words of others wait for this person's decision.
    #[schema(required = false)]
    pub waiting: Vec<Waiting>,
    /// Whether more waits: ask again at once.
    #[schema(required = false)]
    pub has_more: bool,
    /// Whether the digest was not recognized: ask again at once, with cursors.
    #[schema(required = false)]
    pub needs_cursors: bool,
}

/// One scope that a person may open.
#[derive(ToSchema)]
pub struct Grant {
    /// The scope.
    pub scope: Uuid,
    /// What it holds.
    pub kind: ScopeKind,
    /// What the person is to it.
    pub relation: Relation,
    /// Its last number now.
    pub head: u64,
}

/// What a scope holds.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ScopeKind {
    /// One family's file.
    Family,
    /// What everybody may know: who works here.
    Reference,
}

/// What a person is to a scope.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Relation {
    /// The family's mediator-tutor.
    Tutor,
    /// The assigned social worker.
    Reviewer,
    /// May read, not write.
    Reader,
}

/// The server's word on one op. The same op always gets the same word.
#[derive(ToSchema)]
pub struct Receipt {
    /// The op that this names.
    pub op: Uuid,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of an op.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Outcome {
    /// It has this number in its scope.
    Accepted(u64),
    /// It lies in quarantine, whole, and somebody has to decide.
    Refused(Refusal),
}

/// Why an op was not accepted. The codes are stable.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Refusal {
    /// The file is not, or no longer, granted to this person.
    NotGranted,
    /// The person's role may not make this change.
    NotYourRole,
    /// The change does not belong in this kind of scope.
    WrongScope,
    /// The server does not know this kind of change.
    UnknownKind,
    /// The change is not well formed.
    Malformed,
    /// The op is larger than 64 KiB.
    TooLarge,
    /// Another op already has this id.
    SameIdOtherBytes,
    /// The op was written by somebody else.
    OtherAuthor,
    /// Its author's account was closed when it came.
    AccountClosed,
    /// The device from which it came was revoked.
    DeviceRevoked,
}

/// Ops of one scope, numbered `from + 1`, `from + 2`, …, without a gap.
#[derive(ToSchema)]
pub struct Page {
    /// The scope.
    pub scope: Uuid,
    /// The cursor before this page.
    pub from: u64,
    /// The ops. `null` stands for an op of the very same request: its receipt has the number.
    pub ops: Vec<Option<Op>>,
    /// The scope's last number now.
    pub head: u64,
}

/// What a person asks of the quarantine.
#[derive(ToSchema)]
pub struct QuarantineRequest {
    /// The phone, to which the sign-in is tied.
    pub device: Uuid,
    /// What is to be done first; every answer is the list as it then is.
    #[schema(required = false, nullable)]
    pub decision: Option<Decision>,
}

/// What is to become of one op.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Decision {
    /// It enters the file, under its own id and author.
    Adopt(Uuid),
    /// It does not, and its author is told why.
    Decline {
        /// Which op.
        op: Uuid,
        /// Why, in a few words.
        #[schema(min_length = 1, max_length = 1000)]
        reason: String,
    },
    /// Its author gives it to whoever follows the family now.
    HandOver(Uuid),
}

/// What waits for this person's decision.
#[derive(ToSchema)]
pub struct QuarantineReply {
    /// The ops, oldest first, a hundred at most.
    #[schema(max_items = 100)]
    pub held: Vec<Held>,
}

/// An op that was not accepted, perhaps because it is not as it should be: only these parts of an
/// [`Op`] are sure to be there.
#[derive(ToSchema)]
pub struct HeldOp {
    /// Identity of the change.
    pub id: Uuid,
    /// The device that made it.
    pub device: Uuid,
    /// The device's own count.
    pub device_seq: u64,
    /// The file that it was meant for.
    pub scope: Uuid,
    /// Who made it.
    pub author: Uuid,
}

/// One op in quarantine.
#[derive(ToSchema)]
pub struct Held {
    /// The op, as its author's bytes.
    pub op: HeldOp,
    /// Who sent it: somebody else than its author after a restore.
    pub sender: Uuid,
    /// Why it was not accepted.
    pub refusal: Refusal,
    /// When it came, in milliseconds since 1970.
    pub received_at: i64,
    /// Whether its author handed it over.
    #[schema(required = false)]
    pub is_handed_over: bool,
    /// Why this person cannot adopt it, if they cannot.
    #[schema(required = false)]
    pub obstacle: Refusal,
}

/// How much waits in one scope for this person's decision.
#[derive(ToSchema)]
pub struct Waiting {
    /// The scope.
    pub scope: Uuid,
    /// How many ops.
    pub count: u32,
}

/// What became of a refused op, for the phone that wrote it.
#[derive(ToSchema)]
pub struct Settled {
    /// Which op.
    pub op: Uuid,
    /// What became of it.
    pub word: Word,
}

/// What became of a refused op.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Word {
    /// Its author handed it over, and nobody has decided yet.
    HandedOver,
    /// It is in the file, with this number.
    Adopted {
        /// Its number in its scope.
        number: u64,
        /// Who adopted it.
        by: Uuid,
    },
    /// It stays outside the file.
    Declined {
        /// Who decided so.
        by: Uuid,
        /// Why.
        reason: String,
    },
}

/// A phone asks for the key that it seals to, and says how its envelopes will be known.
#[derive(ToSchema)]
pub struct KeyRequest {
    /// The phone, to which the sign-in is tied.
    pub device: Uuid,
    /// Whose copy asks. Has to be who is signed in.
    pub owner: Uuid,
    /// SHA-256 of the phone's secret.
    pub proof: Key,
}

/// Thirty-two bytes as hexadecimal digits.
#[derive(ToSchema)]
#[schema(value_type = String, pattern = "^[0-9a-fA-F]{64}$")]
pub struct Key(pub String);

/// Envelopes on their way.
#[derive(ToSchema)]
pub struct Delivery {
    /// The envelopes, oldest first; together 200 KiB at most, unless it is a single one.
    #[schema(max_items = 200)]
    pub envelopes: Vec<Envelope>,
}

/// A sealed op (HPKE, RFC 9180) as hexadecimal digits: version (1 byte), begin of the server's key
/// (8), encapsulated key (32), ciphertext and tag.
#[derive(ToSchema)]
#[schema(value_type = String, pattern = "^([0-9a-fA-F]{2})*$")]
pub struct Envelope(pub String);

/// One word for each envelope, in order: the receipt that a sync would have brought. `null` for an
/// envelope that is not for this server, was damaged, or was sealed by a phone that nobody knows.
#[derive(ToSchema)]
pub struct DeliveryReply {
    /// The words.
    pub receipts: Vec<Option<Receipt>>,
    /// Changes when the server was restored from a backup: numbers belong to one.
    pub restore_epoch: u64,
}

/// The server answers.
#[derive(ToSchema)]
pub struct Health {
    /// Always `ok`.
    pub status: String,
    /// The build that it serves.
    pub build: String,
}

/// Who is signed in.
#[derive(ToSchema)]
pub struct Me {
    /// Who.
    pub user: Uuid,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The phone to which the sign-in is tied, once it has synced.
    #[schema(required = true)]
    pub device: Option<Uuid>,
    /// Whether everything kept is invented.
    pub demonstration: bool,
}

/// What somebody does.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Role {
    /// Follows families.
    Mediator,
    /// Holds cases and reviews plans.
    SocialWorker,
    /// Assigns families.
    Coordinator,
    /// Looks after people and phones.
    Administrator,
    /// The program itself.
    System,
}

/// Nothing more is said.
#[derive(ToSchema)]
pub struct Done {}

/// Announces a file, or asks how much of it the server has.
#[derive(ToSchema)]
pub struct AttachmentOffer {
    /// The phone.
    pub device: Uuid,
    /// Whose copy offers. Has to be who is signed in.
    pub owner: Uuid,
    /// The family's file that it belongs to.
    pub scope: Uuid,
    /// SHA-256 of its bytes.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub hash: String,
    /// How many bytes it has; 10 MiB at most.
    pub bytes: u32,
}

/// How much of a file the server has.
#[derive(ToSchema)]
pub struct AttachmentStanding {
    /// Bytes from the beginning, without a gap.
    pub received: u32,
    /// Whether it is whole and is what was announced.
    #[schema(required = false)]
    pub is_complete: bool,
}
