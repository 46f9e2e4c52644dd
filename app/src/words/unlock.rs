//! Before the app is open: choosing a secret, unlocking, what went wrong.

use replica::stored::DiskError;

use crate::words::Words;

words! {
    /// Looking at what is there.
    starting: "Apro Percorso…", "Opening Percorso…";
    /// Heading: sign in first.
    sign_in_first: "Entra con nome e password", "Sign in with name and password";
    /// Why.
    sign_in_why:
        "Serve una volta, con la rete. Poi apri con il PIN anche senza.",
        "Needed once, with a network. After that your PIN opens it even without one.";
    /// Button: sign in.
    sign_in: "Entra", "Sign in";
    /// Heading: no network at the first start.
    network_needed: "La prima volta serve la rete", "The first time needs a network";
    /// What to do.
    network_needed_hint:
        "Cerca un posto dove c’è rete, poi riprova.",
        "Find a place with a network, then try again.";
    /// Button: try again.
    try_again: "Riprova", "Try again";
    /// Heading: choose a secret.
    choose_pin: "Scegli il tuo PIN", "Choose your PIN";
    /// Why it matters.
    choose_pin_why:
        "Apre Percorso anche senza rete e tiene chiuse le storie delle famiglie, se perdi \
            il telefono. Nessuno può recuperarlo: se lo dimentichi, entri di nuovo con nome e \
            password.",
        "It opens Percorso even without a network and keeps the families’ stories shut if \
            you lose the phone. Nobody can recover it: if you forget it, you sign in again \
            with name and password.";
    /// What is long enough.
    pin_rule:
        "Almeno 8 cifre, oppure una frase di almeno 10 caratteri.",
        "At least 8 digits, or a phrase of at least 10 characters.";
    /// Label: the new secret.
    new_pin: "PIN o frase segreta", "PIN or secret phrase";
    /// Label: once more.
    new_pin_again: "Ancora una volta", "Once more";
    /// Button: keep it.
    keep_pin: "Usa questo PIN", "Use this PIN";
    /// Too short.
    pin_too_short:
        "Un PIN ha almeno 8 cifre: aggiungine.",
        "A PIN has at least 8 digits: add some.";
    /// Too short.
    phrase_too_short:
        "Una frase ha almeno 10 caratteri: allungala.",
        "A phrase has at least 10 characters: make it longer.";
    /// Too simple.
    pin_too_simple:
        "È tra i primi che si provano (12345678, 11111111): scegline un altro.",
        "It is among the first that people try (12345678, 11111111): choose another.";
    /// The second is not the first.
    pins_differ:
        "I due non sono uguali: scrivili di nuovo.",
        "The two are not the same: write them again.";
    /// Label: unlock.
    your_pin: "Il tuo PIN", "Your PIN";
    /// Label: unlock with a phrase.
    your_phrase: "La tua frase segreta", "Your secret phrase";
    /// Button: open.
    unlock: "Apri", "Open";
    /// While the key is derived.
    unlocking: "Apro…", "Opening…";
    /// Button: type a phrase instead.
    use_phrase: "Frase segreta", "Secret phrase";
    /// Button: type digits instead.
    use_pin: "PIN", "PIN";
    /// Keypad.
    keypad: "Tastiera del PIN", "PIN keypad";
    /// Keypad: delete.
    delete_digit: "Cancella una cifra", "Delete a digit";
    /// Forgotten.
    forgot: "L’hai dimenticato?", "Forgotten it?";
    /// What to do.
    forgot_hint:
        "Dopo 10 prove sbagliate il PIN si cancella. Entri di nuovo con nome e password e \
            ne scegli un altro. Quello che avevi scritto e salvato parte lo stesso, sigillato. Si \
            perdono le bozze lasciate a metà e le note a voce, le foto e le firme non ancora \
            arrivate in ufficio.",
        "After 10 wrong tries the PIN is erased. You sign in again with name and password \
            and choose another. What you had written and saved is sent all the same, sealed. Lost \
            are half-written drafts, and voice notes, photos and signatures that had not reached \
            the office.";
    /// The app works without a network.
    unlock_hint: "Puoi lavorare anche senza rete.", "You can work without a network too.";
    /// Wrong.
    wrong_pin: "PIN o frase non giusti.", "Wrong PIN or phrase.";
    /// Erased.
    erased: "Troppe prove: il PIN è cancellato", "Too many tries: the PIN is erased";
    /// What happened to the work.
    erased_hint:
        "Le cose già inviate sono al sicuro in ufficio. Quello che avevi scritto e salvato solo \
            qui non si apre più su questo telefono, ma parte sigillato. Sono perse le bozze \
            lasciate a metà e le note a voce, le foto e le firme non ancora arrivate in ufficio. \
            Entra con nome e password e scegli un nuovo PIN.",
        "What was sent is safe at the office. What you had written and saved only here no longer \
            opens on this phone, but is sent sealed. Lost are half-written drafts, and voice \
            notes, photos and signatures that had not reached the office. Sign in with name and \
            password and choose a new PIN.";
    /// Lease over.
    lease_over: "Da 14 giorni senza contatto", "14 days without contact";
    /// What to do.
    lease_over_hint:
        "Per sicurezza la copia si apre di nuovo al primo contatto: cerca rete ed entra. \
            Niente è perso.",
        "For safety the copy opens again at the first contact: find a network and sign in. \
            Nothing is lost.";
    /// What to do where the office keeps the phone or its owner out.
    shut_out:
        "L’ufficio ha tolto o sospeso il tuo accesso da questo telefono: chiama l’ufficio. Quello \
            che hai scritto resta qui, chiuso.",
        "The office took away or suspended your access from this phone: call the office. What you \
            wrote stays here, locked.";
    /// The browser erased what the secret opens.
    copy_gone: "La copia su questo telefono non c’è più", "The copy on this phone is gone";
    /// What happened, and what is safe.
    copy_gone_why:
        "Il telefono ha cancellato l’archivio: il PIN non c’entra. Quello che avevi inviato è al \
            sicuro in ufficio.",
        "The phone erased its storage: it is not because of the PIN. What you had sent is safe at \
            the office.";
    /// What was lost, where nobody knows how much.
    copy_gone_lost:
        "Quello che era solo su questo telefono è andato perso.",
        "What was only on this phone is lost.";
    /// Nothing sent was missing.
    copy_gone_nothing:
        "L’ultima volta tutto era già partito; solo una bozza lasciata a metà può mancare.",
        "The last time everything had been sent; only a half-written draft may be missing.";
    /// What to do.
    copy_gone_next:
        "Entra con nome e password: la copia torna dall’ufficio e scegli un nuovo PIN.",
        "Sign in with name and password: the copy comes back from the office and you choose a \
            new PIN.";
    /// No network.
    copy_gone_offline:
        "Non trovo la rete: cerca un posto dove c’è, poi premi di nuovo Entra.",
        "I can’t find the network: go where there is one, then press Sign in again.";
    /// The screens did not arrive.
    part_missing: "Manca una parte di Percorso", "A part of Percorso is missing";
    /// What to do.
    part_missing_hint:
        "Non è arrivata dalla rete: cerca un posto dove c’è rete, poi riprova. Se non basta, \
            ricarica la pagina. Quello che hai salvato è ancora su questo telefono.",
        "It did not come over the network: find a place with a network, then try again. If that \
            is not enough, reload the page. What you saved is still on this phone.";
    /// The screens take long.
    part_arriving:
        "Una parte di Percorso sta ancora arrivando. Se non va avanti:",
        "A part of Percorso is still arriving. If it does not go on:";
    /// Link: load the page anew.
    reload: "Ricarica la pagina", "Reload the page";
    /// The app has died.
    stopped_head: "Percorso si è fermato", "Percorso has stopped";
    /// What is safe.
    stopped_kept:
        "Quello che avevi salvato è al sicuro su questo dispositivo.",
        "What you saved is safe on this device.";
    /// The store does not work.
    broken: "Il telefono non apre l’archivio", "The phone cannot open its storage";
    /// What to do when the disk is full.
    broken_full:
        "Lo spazio è finito: togli qualche foto o video, poi riprova. Quello che hai \
            scritto è ancora qui.",
        "There is no space left: remove some photos or videos, then try again. What you \
            wrote is still here.";
    /// What to do otherwise.
    broken_hint:
        "Chiudi tutte le schede di Percorso e riapri. Se continua, chiama l’ufficio: \
            quello che hai scritto è ancora qui.",
        "Close every Percorso tab and open it again. If it goes on, call the office: what \
            you wrote is still here.";
    /// What to do when a newer build has taken the store over.
    broken_outdated:
        "In un’altra scheda c’è una versione più nuova di Percorso: ricarica la pagina. Quello \
            che hai scritto è ancora qui.",
        "Another tab has a newer version of Percorso: reload the page. What you wrote is still \
            here.";
    /// The page is hidden.
    covered: "Percorso è coperto", "Percorso is covered";
}

phrases! {
    /// For whoever looks into why the app has died.
    stopped_code(code: &str): "Codice per chi assiste: {code}", "Code for support: {code}";
    /// Greeting.
    welcome(name: &str): "Ciao, {name}", "Hello, {name}";
    /// The length of what is typed, for a screen reader.
    pin_typed(typed: usize):
        "{typed} cifre scritte, ne servono almeno 8",
        "{typed} digits typed, at least 8 are needed";
}

counts! {
    /// What was lost with the copy.
    copy_gone_unsent(n):
        "Una cosa non era ancora partita: è andata persa, riscrivila se te la ricordi."
        | "{n} cose non erano ancora partite: sono andate perse, riscrivile se te le ricordi.",
        "One thing had not been sent: it is lost, write it again if you remember it."
        | "{n} things had not been sent: they are lost, write them again if you remember them.";
    /// Tries left.
    tries_left(n):
        "Ancora {n} prova, poi PIN o frase si cancellano."
        | "Ancora {n} prove, poi PIN o frase si cancellano.",
        "{n} try left, then PIN or phrase is erased."
        | "{n} tries left, then PIN or phrase is erased.";
    /// Wait.
    wait_seconds(n):
        "Aspetta {n} secondo, poi riprova." | "Aspetta {n} secondi, poi riprova.",
        "Wait {n} second, then try again." | "Wait {n} seconds, then try again.";
    /// Wait longer.
    wait_minutes(n):
        "Aspetta {n} minuto, poi riprova." | "Aspetta {n} minuti, poi riprova.",
        "Wait {n} minute, then try again." | "Wait {n} minutes, then try again.";
}

impl Words {
    /// What is safe, what is lost and what to do when the copy is gone.
    pub fn copy_gone_hint(self, unsent: Option<usize>) -> String {
        let lost = match unsent {
            None => self.copy_gone_lost().to_owned(),
            Some(0) => self.copy_gone_nothing().to_owned(),
            Some(unsent) => self.copy_gone_unsent(unsent),
        };
        [self.copy_gone_why(), &lost, self.copy_gone_next()].join(" ")
    }

    /// What to do when the store does not open.
    pub const fn broken_because(self, why: DiskError) -> &'static str {
        match why {
            DiskError::Full => self.broken_full(),
            DiskError::Outdated => self.broken_outdated(),
            DiskError::Lost | DiskError::Failed => self.broken_hint(),
        }
    }
}
