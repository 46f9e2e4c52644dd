//! What lies sealed on a device, and bringing it to the server.

words! {
    /// What the place is called, for a screen reader.
    sealed_things: "Cose sigillate", "Sealed things";
    /// Button: send without opening.
    send_sealed: "Invia senza aprire", "Send without opening";
    /// Button: save as a file.
    save_sealed: "Salva il file per un collega", "Save the file for a colleague";
    /// What the file is good for.
    save_sealed_hint:
        "Nessuno può leggerlo, solo l’ufficio. Lo consegna chi lavora con te, da Altro sul suo \
            telefono.",
        "Nobody can read it but the office. A colleague delivers it from More on their phone.";
    /// Nobody answered.
    sealed_not_now:
        "L’ufficio non risponde: resta tutto qui, sigillato. Riprova quando c’è rete, o salva il \
            file.",
        "The office does not answer: everything stays here, sealed. Try again with a network, or \
            save the file.";
    /// Whoever wrote it is suspended.
    sealed_suspended:
        "L’accesso di chi lo ha scritto è sospeso: resta tutto qui, sigillato, e parte quando \
            l’accesso riprende.",
        "Whoever wrote it is suspended: everything stays here, sealed, and goes once they are let \
            in again.";
    /// Heading: bring a file.
    bring_file: "File di un collega", "A colleague’s file";
    /// Why.
    bring_file_hint:
        "Se il suo telefono non si apre o non ha più l’accesso, quello che aveva scritto arriva \
            lo stesso: scegli qui il file che ti ha dato.",
        "If their phone does not open or has lost its sign-in, what they wrote still arrives: \
            choose the file that they gave you.";
    /// Label: the file.
    choose_file: "Scegli il file", "Choose the file";
    /// Another file.
    other_file:
        "Questo file non viene da Percorso: scegline un altro.",
        "This file does not come from Percorso: choose another.";
}

counts! {
    /// What waits.
    sealed_waiting(n):
        "Una cosa scritta qui non è ancora arrivata: aspetta sigillata, la apre solo l’ufficio."
        | "{n} cose scritte qui non sono ancora arrivate: aspettano sigillate, le apre solo \
            l’ufficio.",
        "One thing written here has not arrived yet: it waits sealed, only the office opens it."
        | "{n} things written here have not arrived yet: they wait sealed, only the office opens \
            them.";
    /// What arrived.
    sealed_accepted(n):
        "Arrivata in ufficio: una cosa." | "Arrivate in ufficio: {n} cose.",
        "Arrived at the office: one thing." | "Arrived at the office: {n} things.";
    /// What was set aside.
    sealed_refused(n):
        "Una è messa da parte: decide chi segue la famiglia."
        | "{n} sono messe da parte: decide chi segue la famiglia.",
        "One was set aside: whoever follows the family decides."
        | "{n} were set aside: whoever follows the family decides.";
    /// What the server cannot open, or answered in a way that is not understood here.
    sealed_unreadable(n):
        "Una non è passata: salva il file e avvisa l’ufficio."
        | "{n} non sono passate: salva il file e avvisa l’ufficio.",
        "One did not go through: save the file and tell the office."
        | "{n} did not go through: save the file and tell the office.";
}
