//! The field's closed word lists (enumerations of the plan model).
//!
//! Sources: D.Lgs 147/2017 art. 6 and DM 72/2024 for goal, result, commitment and support;
//! HL7 FHIR `goal-achievement` for goal states; INPS SINBA for closure.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every word of the list, in the order in which screens show them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
        }
    )+};
}

words! {
    /// A domain of need.
    ///
    /// Safety (violence, exploitation) is one too and is left out on purpose. What is known of it
    /// is restricted and belongs in a scope of its own, of which nobody outside it may know that
    /// it exists; that scope is not built yet. As a word of this list it would stand in the plan
    /// that everybody around the family reads and signs, perhaps with the person who must not know.
    Area {
        /// Casa.
        Home,
        /// Lavoro.
        Work,
        /// Reddito e bilancio.
        Income,
        /// Lingua italiana.
        Language,
        /// Scuola e figli.
        School,
        /// Salute.
        Health,
        /// Documenti.
        Papers,
        /// Genitorialità e cura.
        Parenting,
        /// Reti e comunità.
        Community,
        /// Diritti e partecipazione.
        Rights,
        /// Mobilità e digitale.
        Mobility,
    }
    /// Who speaks: the two voices are kept side by side and never averaged.
    Voice {
        /// The family.
        Family,
        /// The mediator-tutor.
        Tutor,
    }
    /// How things are in a domain of need: three levels, each with shape and word.
    NeedLevel {
        /// Difficile.
        Hard,
        /// Così così.
        SoSo,
        /// Va bene.
        Well,
    }
    /// The state of a goal.
    GoalState {
        /// Proposto.
        Proposed,
        /// Concordato.
        Agreed,
        /// In corso.
        InProgress,
        /// Raggiunto.
        Achieved,
        /// Parzialmente raggiunto.
        PartlyAchieved,
        /// Non raggiunto.
        NotAchieved,
        /// Sospeso.
        Suspended,
        /// Abbandonato.
        Abandoned,
    }
    /// What an action is: something the family commits to, or a support by services.
    ActionKind {
        /// Impegno.
        Commitment,
        /// Sostegno.
        Support,
    }
    /// The state of an action.
    ActionState {
        /// Da fare.
        Todo,
        /// Fatto.
        Done,
        /// Bloccato.
        Blocked,
        /// Annullato.
        Cancelled,
    }
    /// Who acts: the autonomy ladder, from the tutor alone to the family alone.
    WhoActs {
        /// Lo fa il tutor.
        Tutor,
        /// Insieme.
        Together,
        /// La famiglia con aiuto.
        FamilyHelped,
        /// La famiglia da sola.
        FamilyAlone,
    }
    /// How the family responds on a goal, at one visit.
    Response {
        /// Di propria iniziativa.
        OwnInitiative,
        /// Partecipa.
        TakesPart,
        /// Ascolta, non agisce.
        Listens,
        /// Ambivalente.
        Ambivalent,
        /// Rifiuta.
        Refuses,
        /// Impossibilitata.
        Unable,
    }
    /// What stands in the way.
    Barrier {
        /// Lingua.
        Language,
        /// Orari di lavoro.
        WorkHours,
        /// Cura dei figli.
        ChildCare,
        /// Salute.
        Health,
        /// Documenti.
        Papers,
        /// Trasporti.
        Transport,
        /// Costo.
        Cost,
        /// Servizio assente o pieno.
        NoService,
        /// Paura o sfiducia.
        Fear,
        /// Discriminazione.
        Discrimination,
    }
    /// What the tutor does about it.
    TutorMove {
        /// Informa.
        Informs,
        /// Sollecita.
        Encourages,
        /// Rinforza.
        Reinforces,
        /// Accompagna.
        Accompanies,
        /// Media.
        Mediates,
        /// Coordina.
        Coordinates,
    }
    /// The family's answer on a goal. "Not asked" is kept apart from "no".
    Agreement {
        /// D'accordo.
        Agreed,
        /// Non d'accordo.
        NotAgreed,
        /// Non chiesto.
        NotAsked,
    }
    /// How a version was signed.
    SignatureMode {
        /// On the glass of the phone.
        Glass,
        /// On paper, kept as a photo.
        Paper,
        /// By word of mouth, with a witness.
        Oral,
        /// The family refused.
        Refused,
    }
    /// Who interpreted while a version was read to the family. A child must not interpret for its
    /// parents: where one did it is written down all the same, and whoever decides sees it.
    Interpreted {
        /// Whoever accompanies the family, in its language.
        Tutor,
        /// Another mediator, or an interpreter.
        Interpreter,
        /// A grown-up whom the family knows: a relative, a neighbour.
        Adult,
        /// A child or a young person under age.
        Minor,
    }
    /// What the social worker decided about a version.
    Verdict {
        /// Approvata.
        Approved,
        /// Restituita.
        Returned,
        /// Chiesto un incontro.
        MeetingAsked,
    }
    /// Why a plan was closed.
    Closure {
        /// Obiettivi raggiunti.
        Achieved,
        /// Obiettivi raggiunti in parte.
        PartlyAchieved,
        /// Trasferita.
        Moved,
        /// Rinuncia.
        Withdrew,
        /// Irreperibile.
        Untraceable,
        /// Rimpatrio.
        Repatriated,
        /// Passaggio ad altro servizio.
        HandedOver,
        /// Decesso.
        Death,
    }
    /// A member's place in the household. The reference person is not "head" for consent.
    MemberRole {
        /// Intestatario della scheda.
        Reference,
        /// Coniuge o convivente.
        Partner,
        /// Figlia o figlio.
        Child,
        /// Altro parente o convivente.
        Other,
    }
    /// Where a visit takes place.
    Place {
        /// A casa.
        AtHome,
        /// In ufficio.
        Office,
        /// A scuola.
        School,
        /// Presso un servizio.
        Service,
        /// Al telefono.
        Phone,
    }
    /// The role of a person who signs in.
    Role {
        /// Mediatore-tutor.
        Mediator,
        /// Assistente sociale.
        SocialWorker,
        /// Coordinatore.
        Coordinator,
        /// Amministratore.
        Administrator,
        /// The server itself: import and demonstration.
        System,
    }
}
