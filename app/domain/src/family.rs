//! A household and its members.

use jiff::civil::Date;
use litemap::LiteMap;
use serde::{Deserialize, Serialize};

use crate::field::{Fields, fields};
use crate::id::MemberId;
use crate::merging::{Findings, Person};
use crate::order;
use crate::vocabulary::MemberRole;

/// A name as written in Latin letters and, where it differs, in its own script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// In Latin letters.
    pub latin: String,
    /// In the original script.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
}

/// A language, by its BCP 47 tag (`ar`, `pa`, `zh`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Language(pub String);

/// A municipality.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comune {
    /// Six-digit ISTAT code.
    pub istat: String,
    /// Name.
    pub name: String,
}

/// A telephone and who holds it: it may be somebody else's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// Number as dialled.
    pub number: String,
    /// Whose telephone it is, if not the reference person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
}

fields! {
    /// A field of the household.
    FamilyField / FamilyKey {
        /// The family's name.
        Name(Name),
        /// Where it lives.
        Comune(Comune),
        /// Street and number.
        Address(String; text),
        /// Telephone.
        Phone(Phone),
        /// How and when it is safe to call ("not after 18"): read before any call.
        SafeContact(String; text),
        /// The language spoken with the mediator.
        Language(Language),
        /// Whether an interpreter is needed.
        InterpreterNeeded(bool),
        /// The id in the list that the family was imported from.
        ExternalId(String),
    }
}

fields! {
    /// A field of a member.
    MemberField / MemberKey {
        /// Name.
        Name(Name),
        /// Place in the household.
        Role(MemberRole),
        /// Date of birth.
        Birth(Date, with "crate::civil"),
        /// Citizenship, ISO 3166-1 alpha-2.
        Citizenship(String),
        /// Languages spoken.
        Speaks(Vec<Language>),
        /// Languages read.
        Reads(Vec<Language>),
    }
}

/// A member of the household.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Member {
    /// Everything known of the member.
    pub fields: Fields<MemberField>,
}

impl Member {
    /// The member's name, if known.
    pub fn name(&self) -> Option<&Name> {
        if let Some(MemberField::Name(name)) = self.fields.value(MemberKey::Name) {
            return Some(name);
        }
        None
    }

    /// Place in the household.
    pub fn role(&self) -> Option<MemberRole> {
        if let Some(MemberField::Role(role)) = self.fields.value(MemberKey::Role) {
            return Some(*role);
        }
        None
    }

    /// Date of birth.
    pub fn birth(&self) -> Option<Date> {
        if let Some(MemberField::Birth(birth)) = self.fields.value(MemberKey::Birth) {
            return Some(*birth);
        }
        None
    }

    /// Citizenship, ISO 3166-1 alpha-2.
    pub fn citizenship(&self) -> Option<&str> {
        if let Some(MemberField::Citizenship(code)) = self.fields.value(MemberKey::Citizenship) {
            return Some(code);
        }
        None
    }

    /// Languages spoken.
    pub fn speaks(&self) -> &[Language] {
        if let Some(MemberField::Speaks(all)) = self.fields.value(MemberKey::Speaks) {
            return all;
        }
        &[]
    }

    /// Languages read.
    pub fn reads(&self) -> &[Language] {
        if let Some(MemberField::Reads(all)) = self.fields.value(MemberKey::Reads) {
            return all;
        }
        &[]
    }
}

/// The household: who they are, where, how to reach them safely.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Household {
    /// Everything known of the household as such.
    pub fields: Fields<FamilyField>,
    /// Its members, each person once.
    pub members: LiteMap<MemberId, Member>,
    /// Who was taken out of the list.
    pub gone: LiteMap<MemberId, Member>,
    /// What was found about members who may be one person.
    pub findings: Findings,
    /// Those who were entered more than once, as one person.
    pub persons: Vec<Person>,
    /// What was written to each entry that was taken out or compared with another.
    pub(crate) entries: LiteMap<MemberId, Member>,
}

impl Household {
    /// A member by any entry under which the person was ever known, also one who was taken out.
    pub fn member(&self, entry: MemberId) -> Option<&Member> {
        let kept = self.kept(entry);
        self.members.get(&kept).or_else(|| self.gone.get(&kept))
    }

    /// The entry under which a person is shown.
    pub fn kept(&self, entry: MemberId) -> MemberId {
        let of = |person: &&Person| person.entries.contains(&entry);
        self.persons
            .iter()
            .find(of)
            .map_or(entry, |person| person.kept)
    }

    /// Every entry that was ever made, with what was written to it and to no other.
    pub fn each_entry(&self) -> impl Iterator<Item = (MemberId, &Member)> {
        let is_set_aside = |id: &MemberId| self.entries.contains_key(id);
        let others = self.members.iter();
        let others = others.filter(move |(id, _)| !is_set_aside(id));
        let all = self.entries.iter().chain(others);
        all.map(|(id, member)| (*id, member))
    }

    /// What was written to one entry, whoever the person turned out to be.
    pub fn entry(&self, id: MemberId) -> Option<&Member> {
        self.entries.get(&id).or_else(|| self.members.get(&id))
    }

    /// The members in the order in which they are listed: by their place in the household, the
    /// reference person first, and who has none last; then the eldest first, and whose birth is
    /// not known last; of equals, who was entered first. A rule and not somebody's choice: nobody
    /// moves a person in a list.
    pub fn members_in_order(&self) -> Vec<(MemberId, &Member)> {
        let members = self.members.iter();
        let mut members: Vec<_> = members.map(|(id, member)| (*id, member)).collect();
        order::sort_by_key(&mut members, |(id, member)| {
            let (role, birth) = (member.role(), member.birth());
            (role.is_none(), role, birth.is_none(), birth, *id)
        });
        members
    }

    /// The family's name.
    pub fn name(&self) -> Option<&Name> {
        if let Some(FamilyField::Name(name)) = self.fields.value(FamilyKey::Name) {
            return Some(name);
        }
        None
    }

    /// Where the family lives.
    pub fn comune(&self) -> Option<&Comune> {
        if let Some(FamilyField::Comune(comune)) = self.fields.value(FamilyKey::Comune) {
            return Some(comune);
        }
        None
    }

    /// Street and number.
    pub fn address(&self) -> Option<&str> {
        if let Some(FamilyField::Address(address)) = self.fields.value(FamilyKey::Address) {
            return Some(address);
        }
        None
    }

    /// Telephone.
    pub fn phone(&self) -> Option<&Phone> {
        if let Some(FamilyField::Phone(phone)) = self.fields.value(FamilyKey::Phone) {
            return Some(phone);
        }
        None
    }

    /// How and when it is safe to call.
    pub fn safe_contact(&self) -> Option<&str> {
        if let Some(FamilyField::SafeContact(rule)) = self.fields.value(FamilyKey::SafeContact) {
            return Some(rule);
        }
        None
    }

    /// The language spoken with the mediator.
    pub fn language(&self) -> Option<&Language> {
        if let Some(FamilyField::Language(language)) = self.fields.value(FamilyKey::Language) {
            return Some(language);
        }
        None
    }

    /// Whether an interpreter is needed. Unknown counts as no.
    pub fn is_interpreter_needed(&self) -> bool {
        self.fields.value(FamilyKey::InterpreterNeeded)
            == Some(&FamilyField::InterpreterNeeded(true))
    }
}
