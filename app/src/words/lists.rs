//! Texts of lists: what was taken out and stays, the family's order, people entered twice.

words! {
    /// Mark on what stays although somebody took it out.
    taken_and_changed: "È stato tolto e anche cambiato: è rimasto.", "It was taken out and also changed: it stayed.";
    /// Button: it stays.
    keep_it: "Tieni", "Keep it";
    /// Button: take it out.
    take_out: "Togli", "Take out";
    /// Button.
    take_out_goal: "Togli l’obiettivo", "Take out the goal";
    /// Button.
    take_out_member: "Togli questa persona", "Take out this person";
    /// What happens to it.
    taken_stays_in_diary: "Resta nel Diario e si può riportare.", "It stays in the diary and can be brought back.";
    /// Button in the diary.
    bring_back: "Riporta nella lista", "Bring back to the list";
    /// Toast: a person undid what was just done.
    as_before: "Tutto come prima.", "Everything as before.";
    /// Button: change the order of the goals.
    change_order: "Cambia l’ordine", "Change the order";
    /// Button: the order is good.
    order_done: "Fatto", "Done";
    /// Button.
    move_up: "Su", "Up";
    /// Button.
    move_down: "Giù", "Down";
    /// Heading of a possible duplicate.
    perhaps_one: "Forse è la stessa persona", "Maybe the same person";
    /// Hint.
    perhaps_one_hint: "Guarda i dati con la famiglia. Si può sempre dividere di nuovo.", "Look at the data with the family. It can always be split again.";
    /// Two people answered differently.
    answered_apart: "Qualcuno dice che è la stessa persona, qualcun altro che sono due.", "Someone says it is the same person, someone else that they are two.";
    /// Button.
    same_person: "Sono la stessa persona", "They are the same person";
    /// Button.
    two_persons: "Sono due persone", "They are two people";
    /// Button: who is told of in another family is somebody else.
    not_the_same: "Non è la stessa persona", "Not the same person";
    /// Whom a member was compared with, where that is all that may be said.
    somebody_elsewhere: "una persona di un’altra famiglia", "somebody of another family";
    /// Toast.
    two_persons_toast: "Restano due persone.", "They stay two people.";
    /// Mark on a person entered twice, under one name.
    joined_alike: "In lista due volte", "Listed twice";
    /// What stays: a goal.
    kind_goal: "Obiettivo", "Goal";
    /// What stays: an action.
    kind_action: "Impegno o sostegno", "Commitment or support";
    /// What stays: a person.
    kind_member: "Persona", "Person";
}

phrases! {
    /// Toast.
    taken_out(what: &str): "«{what}» tolto. Resta nel Diario.", "“{what}” taken out. It stays in the diary.";
    /// Toast.
    stays(what: &str): "«{what}» resta.", "“{what}” stays.";
    /// Toast.
    moved_to(what: &str, place: usize): "«{what}» ora è al posto {place}.", "“{what}” is now in place {place}.";
    /// Day of birth.
    born_on(day: &str): "nascita: {day}", "born: {day}";
    /// Mark on a person entered twice, under another name.
    joined_from(name: &str): "In lista anche come {name}", "Also listed as {name}";
    /// Toast.
    same_person_toast(name: &str): "{name}: ora è una persona sola.", "{name}: now one person.";
    /// The same person in another family, only told.
    perhaps_elsewhere(name: &str, family: &str): "{name}: forse è anche nella famiglia {family}.", "{name}: maybe also in the {family} family.";
    /// While a new person is written down: who may be the same, in another family.
    perhaps_known(who: &str): "Forse c’è già: {who}.", "Maybe already there: {who}.";
    /// A person and the family.
    of_family(name: &str, family: &str): "{name}, famiglia {family}", "{name}, {family} family";
    /// Button: open that family.
    open_family(family: &str): "Apri la famiglia {family}", "Open the {family} family";
    /// Diary entry.
    entry_taken_out(what: &str): "Tolto: {what}", "Taken out: {what}";
    /// Diary entry.
    entry_brought_back(what: &str): "Tenuto: {what}", "Kept: {what}";
    /// Diary entry.
    entry_same(one: &str, other: &str): "{one} e {other}: la stessa persona", "{one} and {other}: the same person";
    /// Diary entry.
    entry_two(one: &str, other: &str): "{one} e {other}: due persone", "{one} and {other}: two people";
    /// Diary entry.
    entry_open(one: &str, other: &str): "{one} e {other}: di nuovo da guardare", "{one} and {other}: to be looked at again";
}
