//! What lies sealed on a device, and bringing it to the server.

words! {
    /// What the place is called, for a screen reader.
    sealed_things: "Cose sigillate", "Sealed things";
    /// Button: send without opening.
    send_sealed: "Invia senza aprire", "Send without opening";
    /// Button: save as a file.
    save_sealed: "Salva il file sigillato", "Save the sealed file";
    /// What the file is good for.
    save_sealed_hint:
        "Nessuno può leggerlo, solo il server. Lo consegna chi lavora con te, da Altro sul suo \
            telefono.",
        "Nobody can read it but the server. A colleague delivers it from More on their phone.";
    /// Nobody answered.
    sealed_not_now:
        "Il server non risponde: resta tutto qui, sigillato. Riprova quando c’è rete, o salva il \
            file.",
        "The server does not answer: everything stays here, sealed. Try again with a network, or \
            save the file.";
    /// Heading: bring a file.
    bring_file: "Il file sigillato di chi lavora con te", "A colleague’s sealed file";
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
        "Questo file non è sigillato da Percorso: scegline un altro.",
        "This file was not sealed by Percorso: choose another.";
}

counts! {
    /// What waits.
    sealed_waiting(n):
        "Una cosa scritta qui non è ancora arrivata: aspetta sigillata, la apre solo il server."
        | "{n} cose scritte qui non sono ancora arrivate: aspettano sigillate, le apre solo il \
            server.",
        "One thing written here has not arrived yet: it waits sealed, only the server opens it."
        | "{n} things written here have not arrived yet: they wait sealed, only the server opens \
            them.";
    /// What arrived.
    sealed_accepted(n):
        "Arrivata al server: una cosa." | "Arrivate al server: {n} cose.",
        "Arrived at the server: one thing." | "Arrived at the server: {n} things.";
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
