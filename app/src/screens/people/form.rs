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

use crate::session::Writing;

/// What the form of a household holds, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberForm {
    /// Name in Latin letters.
    pub latin: String,
    /// Name in its own script.
    pub original: String,
    /// Place in the household.
    pub role: Option<MemberRole>,
    /// Date of birth.
    pub birth: Option<Date>,
    /// Citizenship, two letters.
    pub citizenship: String,
    /// Languages spoken, by their tags.
    pub speaks: Vec<String>,
    /// Languages read, by their tags.
    pub reads: Vec<String>,
}

impl HouseholdForm {
    fn take(&mut self, field: &FamilyField) {
        match field {
            FamilyField::Name(name) => {
                self.latin.clone_from(&name.latin);
                self.original = name.original.clone().unwrap_or_default();
            }
            FamilyField::Address(address) => self.address.clone_from(address),
            FamilyField::Phone(phone) => {
                self.number.clone_from(&phone.number);
                self.holder = phone.holder.clone().unwrap_or_default();
            }
            FamilyField::SafeContact(rule) => self.safe_contact.clone_from(rule),
            FamilyField::Language(tag) => self.language.clone_from(&tag.0),
            FamilyField::InterpreterNeeded(is_needed) => self.is_interpreter_needed = *is_needed,
            FamilyField::Comune(_) | FamilyField::ExternalId(_) => {}
        }
    }
}

impl MemberForm {
    /// The name as it would be written.
    pub fn name(&self) -> Name {
        Name {
            latin: tidy(&self.latin),
            original: some(&self.original),
        }
    }

    fn take(&mut self, field: &MemberField) {
        let tags = |all: &[Language]| all.iter().map(|tag| tag.0.clone()).collect();
        match field {
            MemberField::Name(name) => {
                self.latin.clone_from(&name.latin);
                self.original = name.original.clone().unwrap_or_default();
            }
            MemberField::Role(role) => self.role = Some(*role),
            MemberField::Birth(birth) => self.birth = Some(*birth),
            MemberField::Citizenship(land) => self.citizenship.clone_from(land),
            MemberField::Speaks(all) => self.speaks = tags(all),
            MemberField::Reads(all) => self.reads = tags(all),
        }
    }
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
        let mut form = HouseholdForm::default();
        for (_, register) in household.fields.iter() {
            register
                .value()
                .into_iter()
                .for_each(|field| form.take(field));
        }
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
                let replaces = heads_of(&self.heads, field.key());
                Writing::replacing(replaces, Known::FamilyWritten(field))
            })
            .collect()
    }

    /// The form as it was left, by the writes that it would have made then. They still replace
    /// what was on screen then.
    pub fn resumed(mut self, left: Vec<Writing>) -> Self {
        for Writing { replaces, change } in left {
            if let Known::FamilyWritten(field) = change {
                self.form.take(&field);
                replacing(&mut self.heads, field.key(), replaces);
            }
        }
        self
    }
}

/// The writes that were on screen when a field was opened.
fn heads_of<K: PartialEq>(heads: &[(K, Vec<OpId>)], key: K) -> Vec<OpId> {
    let found = heads.iter().find(|(of, _)| *of == key);
    found.map(|(_, ids)| ids.clone()).unwrap_or_default()
}

/// From now on a field replaces these.
fn replacing<K: PartialEq>(heads: &mut Vec<(K, Vec<OpId>)>, key: K, ids: Vec<OpId>) {
    heads.retain(|(of, _)| *of != key);
    heads.push((key, ids));
}

impl MemberEdit {
    /// Opens the form of a member.
    pub fn of(id: MemberId, member: &Member) -> Self {
        let mut form = MemberForm::default();
        for (_, register) in member.fields.iter() {
            register
                .value()
                .into_iter()
                .for_each(|field| form.take(field));
        }
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

    /// Whether the member is not in the family yet.
    pub fn is_new(&self) -> bool {
        self.was == MemberForm::default()
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
                let replaces = heads_of(&self.heads, field.key());
                let member = self.member;
                Writing::replacing(replaces, Known::MemberWritten { member, field })
            })
            .collect()
    }

    /// The form as it was left, by the writes that it would have made then. They still replace
    /// what was on screen then.
    pub fn resumed(mut self, left: Vec<Writing>) -> Self {
        for Writing { replaces, change } in left {
            if let Known::MemberWritten { field, .. } = change {
                self.form.take(&field);
                replacing(&mut self.heads, field.key(), replaces);
            }
        }
        self
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
        MemberField::Name(form.name()),
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
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, amina, tutor};

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
    fn a_form_is_resumed_as_it_was_left_and_replaces_what_was_seen_then() {
        let mut family = Family::hassan();
        let case = family.case();
        let mut edit = HouseholdEdit::of(&case.household);
        edit.form.safe_contact = "Solo la mattina".into();
        edit.form.number = "333".into();
        edit.form.holder = "Amina".into();
        edit.form.is_interpreter_needed = true;
        let made = edit.writings();
        let seen = case.household.fields.heads(FamilyKey::Name);
        let other = FamilyField::Name(Name {
            latin: "Hasan".into(),
            original: None,
        });
        edit.form.latin = "Hassan El".into();
        family.write(tutor(), Known::FamilyWritten(other));
        let resumed = HouseholdEdit::of(&family.case().household).resumed(edit.writings());
        assert_eq!(resumed.form, edit.form);
        assert_eq!(resumed.writings().len(), made.len() + 1);
        assert_eq!(
            resumed.writings()[0].replaces,
            seen,
            "what came since stays"
        );

        let mut edit = MemberEdit::new(amina());
        edit.form = MemberForm {
            latin: "Youssef".into(),
            original: "يوسف".into(),
            role: Some(MemberRole::Child),
            birth: Some(date(2016, 3, 1)),
            citizenship: "MA".into(),
            speaks: vec!["ar".into()],
            reads: vec!["it".into()],
        };
        let resumed = MemberEdit::new(amina()).resumed(edit.writings());
        assert_eq!(resumed, {
            let mut edit = edit.clone();
            edit.heads.clone_from(&resumed.heads);
            edit
        });
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
