//! Texts of the people of a family.

words! {
    /// Section.
    how_to_reach: "Come contattarli", "How to reach them";
    /// Section.
    live_together: "Vivono insieme", "They live together";
    /// Link.
    add_member: "Aggiungi una persona", "Add a person";
    /// Link.
    change_household: "Cambia i dati", "Change the data";
    /// Empty.
    no_members: "Nessuna persona scritta.", "Nobody is listed.";
    /// Unknown rule.
    no_safe_contact: "Non c’è una regola per chiamare: chiedila alla famiglia.", "There is no rule for calling: ask the family.";
    /// Field.
    family_name: "Nome della famiglia", "Name of the family";
    /// Field.
    name_latin: "Nome in lettere latine", "Name in Latin letters";
    /// Field.
    name_original: "Nome nella sua scrittura", "Name in its own script";
    /// Field.
    address: "Indirizzo", "Address";
    /// Field.
    phone_number: "Telefono", "Telephone";
    /// Field.
    phone_holder: "Di chi è il telefono", "Whose telephone it is";
    /// Field.
    safe_contact_field: "Quando e come si può chiamare", "When and how it is safe to call";
    /// Field.
    spoken_language: "Lingua con il mediatore", "Language with the mediator";
    /// Field.
    interpreter: "Serve un interprete", "An interpreter is needed";
    /// Field.
    member_role_head: "Chi è nella famiglia", "Place in the family";
    /// Field.
    birth: "Data di nascita", "Date of birth";
    /// Field.
    citizenship_head: "Cittadinanza", "Citizenship";
    /// Field.
    speaks: "Parla", "Speaks";
    /// Field.
    reads: "Legge", "Reads";
    /// Add a language.
    add_language: "Aggiungi una lingua", "Add a language";
    /// Remove a language.
    remove_language: "Togli", "Remove";
    /// Error.
    name_missing: "Scrivi il nome in lettere latine.", "Write the name in Latin letters.";
    /// Toast.
    people_toast: "Dati salvati. Sul telefono.", "Data saved. On this phone.";
    /// Heading.
    new_member: "Una persona in più", "One more person";
    /// Where they live.
    lives_at: "Abita", "Lives at";
}

phrases! {
    /// Age.
    years_old(age: u32): "{age} anni", "{age} years old";
    /// Whose phone.
    phone_held_by(holder: &str): "in mano a {holder}", "held by {holder}";
    /// Call.
    call(who: &str): "Chiama {who}", "Call {who}";
    /// Speaks.
    speaks_list(list: &str): "Parla {list}", "Speaks {list}";
    /// Reads.
    reads_list(list: &str): "Legge {list}", "Reads {list}";
}
