//! The columns of the list, and the names under which they are found.

use crate::import::words::plain;

/// A column that an import understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The family's id in the list.
    ExternalId,
    /// The family's name, in Latin letters.
    FamilyName,
    /// The family's name in its own script.
    FamilyNameOriginal,
    /// Comune, by name or ISTAT code.
    Comune,
    /// Street and number.
    Address,
    /// Telephone.
    Phone,
    /// Whose telephone it is.
    PhoneHolder,
    /// How and when it is safe to call.
    SafeContact,
    /// The language spoken with the mediator.
    Language,
    /// Whether an interpreter is needed.
    Interpreter,
    /// The mediator's sign-in name.
    Mediator,
    /// The social worker's sign-in name.
    SocialWorker,
    /// The member's name, in Latin letters.
    MemberName,
    /// The member's name in its own script.
    MemberNameOriginal,
    /// The member's place in the household.
    Role,
    /// Date of birth.
    Birth,
    /// Citizenship.
    Citizenship,
    /// Languages spoken.
    Speaks,
    /// Languages read.
    Reads,
}

/// Columns without which no family can be read.
pub const REQUIRED: [Column; 4] = [
    Column::ExternalId,
    Column::FamilyName,
    Column::Comune,
    Column::MemberName,
];

/// Each column and its names; the first is the one that messages use.
const NAMES: [(Column, &[&str]); 19] = [
    (
        Column::ExternalId,
        &[
            "codice",
            "id",
            "id esterno",
            "codice famiglia",
            "codice nucleo",
            "id famiglia",
            "external id",
            "family id",
        ],
    ),
    (
        Column::FamilyName,
        &[
            "famiglia",
            "nome famiglia",
            "cognome",
            "cognome famiglia",
            "family",
            "family name",
            "surname",
        ],
    ),
    (
        Column::FamilyNameOriginal,
        &[
            "famiglia originale",
            "famiglia in originale",
            "cognome originale",
            "family name original",
            "original family name",
        ],
    ),
    (
        Column::Comune,
        &[
            "comune",
            "comune di residenza",
            "residenza",
            "istat",
            "codice istat",
            "comune istat",
            "municipality",
        ],
    ),
    (Column::Address, &["indirizzo", "via", "address", "street"]),
    (
        Column::Phone,
        &[
            "telefono",
            "tel",
            "cellulare",
            "numero di telefono",
            "phone",
            "telephone",
            "mobile",
        ],
    ),
    (
        Column::PhoneHolder,
        &[
            "telefono di",
            "intestatario telefono",
            "di chi e il telefono",
            "phone holder",
            "phone of",
        ],
    ),
    (
        Column::SafeContact,
        &["contatto sicuro", "come contattare", "safe contact"],
    ),
    (
        Column::Language,
        &[
            "lingua",
            "lingua del colloquio",
            "lingua della famiglia",
            "language",
            "family language",
        ],
    ),
    (
        Column::Interpreter,
        &[
            "interprete",
            "serve interprete",
            "serve un interprete",
            "interpreter",
            "interpreter needed",
        ],
    ),
    (
        Column::Mediator,
        &[
            "mediatore",
            "mediatrice",
            "tutor",
            "mediatore assegnato",
            "mediator",
            "assigned mediator",
        ],
    ),
    (
        Column::SocialWorker,
        &[
            "assistente sociale",
            "as",
            "social worker",
            "assigned social worker",
        ],
    ),
    (
        Column::MemberName,
        &[
            "nome",
            "nome componente",
            "componente",
            "nome latino",
            "nome in latino",
            "name",
            "member",
            "member name",
            "latin name",
        ],
    ),
    (
        Column::MemberNameOriginal,
        &[
            "nome originale",
            "nome in originale",
            "original name",
            "name in original script",
            "member name original",
        ],
    ),
    (
        Column::Role,
        &["ruolo", "parentela", "relazione", "role", "relationship"],
    ),
    (
        Column::Birth,
        &[
            "data di nascita",
            "nascita",
            "nato il",
            "nata il",
            "nato a il",
            "birth",
            "birth date",
            "date of birth",
        ],
    ),
    (
        Column::Citizenship,
        &["cittadinanza", "nazionalita", "citizenship", "nationality"],
    ),
    (
        Column::Speaks,
        &[
            "lingue parlate",
            "lingua parlata",
            "parla",
            "spoken languages",
            "speaks",
        ],
    ),
    (
        Column::Reads,
        &[
            "lingue lette",
            "lingua letta",
            "legge",
            "read languages",
            "reads",
        ],
    ),
];

impl Column {
    /// The column that a header cell names, whatever its case, accents, spaces and underscores.
    pub fn named(header: &str) -> Option<Self> {
        let header = plain(header);
        NAMES
            .iter()
            .find(|(_, names)| names.contains(&header.as_str()))
            .map(|(column, _)| *column)
    }

    /// The name that messages use.
    pub fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(column, _)| *column == self)
            .and_then(|(_, names)| names.first())
            .expect("every column has a name")
    }

    /// Whether the column speaks of the family rather than of one member.
    pub const fn is_of_family(self) -> bool {
        match self {
            Self::FamilyName
            | Self::FamilyNameOriginal
            | Self::Comune
            | Self::Address
            | Self::Phone
            | Self::PhoneHolder
            | Self::SafeContact
            | Self::Language
            | Self::Interpreter
            | Self::Mediator
            | Self::SocialWorker => true,
            Self::ExternalId
            | Self::MemberName
            | Self::MemberNameOriginal
            | Self::Role
            | Self::Birth
            | Self::Citizenship
            | Self::Speaks
            | Self::Reads => false,
        }
    }
}
