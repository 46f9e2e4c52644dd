//! The forms of a household and of its members, and the writes that they lead to. Pure.
//!
//! As everywhere: one write for each field that changed, naming what was on screen when the form
//! was opened.

use domain::family::{
    FamilyField, FamilyKey, Household, Language, Member, MemberField, MemberKey, Name, Phone,
};
use domain::field::Field;
use domain::id::{MemberId, OpId};
use domain::op::Known;
use domain::vocabulary::MemberRole;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::session::Writing;

/// What the form of a household holds, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdForm {
    /// Family name in Latin letters.
    pub latin: String,
    /// Family name in its own script.
    pub original: String,
    /// Street and number.
    pub address: String,
    /// Telephone.
    pub number: String,
    /// Whose telephone it is.
    pub holder: String,
    /// How and when it is safe to call.
    pub safe_contact: String,
    /// Language spoken with the mediator, by its tag.
    pub language: String,
    /// Whether an interpreter is needed.
    pub is_interpreter_needed: bool,
}

/// What the form of a member holds, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberForm {
    /// Name in Latin letters.
    pub latin: String,
    /// Name in its own script.
    pub original: String,
    /// Place in the household.
    pub role: Option<MemberRole>,
    /// Date of birth.
    #[serde(default, with = "domain::civil::option")]
    pub birth: Option<Date>,
    /// Citizenship, two letters.
    pub citizenship: String,
    /// Languages spoken, by their tags.
    pub speaks: Vec<String>,
    /// Languages read, by their tags.
    pub reads: Vec<String>,
}

/// The household's form, and what it held when it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdEdit {
    /// What the form holds.
    pub form: HouseholdForm,
    was: HouseholdForm,
    heads: Vec<(FamilyKey, Vec<OpId>)>,
}

/// A member's form, and what it held when it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberEdit {
    /// Who.
    pub member: MemberId,
    /// What the form holds.
    pub form: MemberForm,
    was: MemberForm,
    heads: Vec<(MemberKey, Vec<OpId>)>,
}

impl HouseholdEdit {
    /// Opens the form.
    pub fn of(household: &Household) -> Self {
        let name = household.name().cloned();
        let phone = household.phone().cloned();
        let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let form = HouseholdForm {
            latin: name
                .as_ref()
                .map(|name| name.latin.clone())
                .unwrap_or_default(),
            original: name.and_then(|name| name.original).unwrap_or_default(),
            address: owned(household.address()),
            number: phone
                .as_ref()
                .map(|phone| phone.number.clone())
                .unwrap_or_default(),
            holder: phone.and_then(|phone| phone.holder).unwrap_or_default(),
            safe_contact: owned(household.safe_contact()),
            language: household
                .language()
                .map(|tag| tag.0.clone())
                .unwrap_or_default(),
            is_interpreter_needed: household.is_interpreter_needed(),
        };
        let heads = household
            .fields
            .iter()
            .map(|(key, register)| (key, register.heads()))
            .collect();
        Self {
            was: form.clone(),
            form,
            heads,
        }
    }

    /// Whether the family would be left without a name.
    pub fn is_nameless(&self) -> bool {
        self.form.latin.trim().is_empty()
    }

    /// The writes: one for each field that changed.
    pub fn writings(&self) -> Vec<Writing> {
        let was = household_fields(&self.was);
        household_fields(&self.form)
            .into_iter()
            .filter(|field| !was.contains(field))
            .map(|field| {
                let heads = self.heads.iter().find(|(key, _)| *key == field.key());
                let replaces = heads.map(|(_, ids)| ids.clone()).unwrap_or_default();
                Writing::replacing(replaces, Known::FamilyWritten(field))
            })
            .collect()
    }
}

impl MemberEdit {
    /// Opens the form of a member.
    pub fn of(id: MemberId, member: &Member) -> Self {
        let tags = |all: &[Language]| all.iter().map(|tag| tag.0.clone()).collect();
        let form = MemberForm {
            latin: member
                .name()
                .map(|name| name.latin.clone())
                .unwrap_or_default(),
            original: member
                .name()
                .and_then(|name| name.original.clone())
                .unwrap_or_default(),
            role: member.role(),
            birth: member.birth(),
            citizenship: member.citizenship().unwrap_or_default().to_owned(),
            speaks: tags(member.speaks()),
            reads: tags(member.reads()),
        };
        let heads = member
            .fields
            .iter()
            .map(|(key, register)| (key, register.heads()))
            .collect();
        Self {
            member: id,
            was: form.clone(),
            form,
            heads,
        }
    }

    /// Opens the form of somebody new.
    pub fn new(id: MemberId) -> Self {
        Self {
            member: id,
            form: MemberForm::default(),
            was: MemberForm::default(),
            heads: Vec::new(),
        }
    }

    /// Whether the member would be left without a name.
    pub fn is_nameless(&self) -> bool {
        self.form.latin.trim().is_empty()
    }

    /// The writes: one for each field that changed.
    pub fn writings(&self) -> Vec<Writing> {
        let was = member_fields(&self.was);
        member_fields(&self.form)
            .into_iter()
            .filter(|field| !was.contains(field))
            .map(|field| {
                let heads = self.heads.iter().find(|(key, _)| *key == field.key());
                let replaces = heads.map(|(_, ids)| ids.clone()).unwrap_or_default();
                Writing::replacing(
                    replaces,
                    Known::MemberWritten {
                        member: self.member,
                        field,
                    },
                )
            })
            .collect()
    }
}

fn tidy(text: &str) -> String {
    text.trim().to_owned()
}

fn some(text: &str) -> Option<String> {
    Some(tidy(text)).filter(|text| !text.is_empty())
}

fn household_fields(form: &HouseholdForm) -> Vec<FamilyField> {
    vec![
        FamilyField::Name(Name {
            latin: tidy(&form.latin),
            original: some(&form.original),
        }),
        FamilyField::Address(tidy(&form.address)),
        FamilyField::Phone(Phone {
            number: tidy(&form.number),
            holder: some(&form.holder),
        }),
        FamilyField::SafeContact(tidy(&form.safe_contact)),
        FamilyField::Language(Language(tidy(&form.language))),
        FamilyField::InterpreterNeeded(form.is_interpreter_needed),
    ]
}

fn member_fields(form: &MemberForm) -> Vec<MemberField> {
    let tags = |all: &[String]| all.iter().map(|tag| Language(tag.clone())).collect();
    let mut fields = vec![
        MemberField::Name(Name {
            latin: tidy(&form.latin),
            original: some(&form.original),
        }),
        MemberField::Citizenship(tidy(&form.citizenship)),
        MemberField::Speaks(tags(&form.speaks)),
        MemberField::Reads(tags(&form.reads)),
    ];
    fields.extend(form.role.map(MemberField::Role));
    fields.extend(form.birth.map(MemberField::Birth));
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::fixture::{Family, amina};

    #[test]
    fn only_what_changed_is_written_and_it_replaces_what_was_seen() {
        let case = Family::hassan().case();
        let mut edit = HouseholdEdit::of(&case.household);
        assert!(edit.writings().is_empty());
        edit.form.latin = "Hassan El".into();
        edit.form.safe_contact = "Solo la mattina".into();
        let writings = edit.writings();
        assert_eq!(writings.len(), 2);
        assert_eq!(
            writings[0].replaces,
            case.household.fields.heads(FamilyKey::Name)
        );
        assert!(writings[1].replaces.is_empty());
    }

    #[test]
    fn a_new_member_is_written_field_by_field() {
        let mut edit = MemberEdit::new(amina());
        assert!(edit.is_nameless());
        edit.form.latin = "Youssef".into();
        edit.form.role = Some(MemberRole::Child);
        assert_eq!(edit.writings().len(), 2);
    }
}
