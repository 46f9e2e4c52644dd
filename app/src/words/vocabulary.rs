//! What the field's closed word lists are called.

use domain::plan::Stage;
use domain::score::Score;
use domain::vocabulary::{
    ActionKind, ActionState, Agreement, Area, Barrier, Closure, GoalState, Interpreted, MemberRole,
    NeedLevel, Place, Response, Role, SignatureMode, TutorMove, Verdict, Voice, WhoActs,
};

use crate::words::{Language, Words};

names! {
    /// A domain of need.
    area(Area) {
        Home: "Casa", "Home";
        Work: "Lavoro", "Work";
        Income: "Reddito e bilancio", "Income and budget";
        Language: "Lingua italiana", "Italian language";
        School: "Scuola e figli", "School and children";
        Health: "Salute", "Health";
        Papers: "Documenti", "Papers";
        Parenting: "Genitorialità e cura", "Parenting and care";
        Community: "Reti e comunità", "Community";
        Rights: "Diritti e parteci\u{ad}pazione", "Rights and taking part";
        Mobility: "Mobilità e digitale", "Getting around, going online";
    }
    /// Who speaks.
    voice(Voice) {
        Family: "Famiglia", "Family";
        Tutor: "Tutor", "Tutor";
    }
    /// How things are in a domain of need.
    need_level(NeedLevel) {
        Hard: "Difficile", "Hard";
        SoSo: "Così così", "So-so";
        Well: "Va bene", "Going well";
    }
    /// The state of a goal.
    goal_state(GoalState) {
        Proposed: "Proposto", "Proposed";
        Agreed: "Concordato", "Agreed";
        InProgress: "In corso", "In progress";
        Achieved: "Raggiunto", "Achieved";
        PartlyAchieved: "Raggiunto in parte", "Partly achieved";
        NotAchieved: "Non raggiunto", "Not achieved";
        Suspended: "Sospeso", "Suspended";
        Abandoned: "Abbandonato", "Abandoned";
    }
    /// What an action is.
    action_kind(ActionKind) {
        Commitment: "Impegno della famiglia", "Commitment of the family";
        Support: "Sostegno dei servizi", "Support by services";
    }
    /// The state of an action.
    action_state(ActionState) {
        Todo: "Da fare", "To do";
        Done: "Fatto", "Done";
        Blocked: "Bloccato", "Blocked";
        Cancelled: "Annullato", "Cancelled";
    }
    /// Who acts.
    who_acts(WhoActs) {
        Tutor: "Lo fa il tutor", "The tutor does it";
        Together: "Insieme", "Together";
        FamilyHelped: "La famiglia con aiuto", "The family, with help";
        FamilyAlone: "La famiglia da sola", "The family alone";
    }
    /// How the family responds.
    response(Response) {
        OwnInitiative: "Di propria iniziativa", "On its own initiative";
        TakesPart: "Partecipa", "Takes part";
        Listens: "Ascolta, non agisce", "Listens, does not act";
        Ambivalent: "Ambivalente", "In two minds";
        Refuses: "Rifiuta", "Refuses";
        Unable: "Non può", "Not able to";
    }
    /// What stands in the way.
    barrier(Barrier) {
        Language: "Lingua", "Language";
        WorkHours: "Orari di lavoro", "Working hours";
        ChildCare: "Cura dei figli", "Child care";
        Health: "Salute", "Health";
        Papers: "Documenti", "Papers";
        Transport: "Trasporti", "Transport";
        Cost: "Costo", "Cost";
        NoService: "Servizio assente o pieno", "No service, or full";
        Fear: "Paura o sfiducia", "Fear or mistrust";
        Discrimination: "Discriminazione", "Discrimination";
    }
    /// What the tutor did, in the tutor’s own words.
    tutor_move(TutorMove) {
        Informs: "Ho informato", "Informed";
        Encourages: "Ho sollecitato", "Encouraged";
        Reinforces: "Ho rinforzato", "Reinforced";
        Accompanies: "Ho accompa\u{ad}gnato", "Went along";
        Mediates: "Ho mediato", "Mediated";
        Coordinates: "Ho coordinato", "Coordinated";
    }
    /// What could be tried with a goal on which nothing moves.
    try_next(TutorMove) {
        Informs: "Un’idea: spiegate di nuovo, con calma, a che cosa serve.",
            "An idea: explain once more, calmly, what it is for.";
        Encourages: "Un’idea: scegliete insieme un passo più piccolo e un giorno vicino.",
            "An idea: choose together a smaller step and a day that is near.";
        Reinforces: "Un’idea: dite che cosa è già riuscito, e a chi.",
            "An idea: say what has already worked out, and thanks to whom.";
        Accompanies: "Un’idea: la prima volta andateci insieme.",
            "An idea: go there together the first time.";
        Mediates: "Un’idea: parlatene insieme con chi sta dall’altra parte.",
            "An idea: talk about it together with the other side.";
        Coordinates: "Un’idea: cerca il servizio che toglie l’ostacolo.",
            "An idea: look for the service that takes the obstacle away.";
    }
    /// The family's answer on a goal.
    agreement(Agreement) {
        Agreed: "D’accordo", "Agrees";
        NotAgreed: "Non d’accordo", "Does not agree";
        NotAsked: "Non chiesto", "Not asked";
    }
    /// How a version was signed.
    signature_mode(SignatureMode) {
        Glass: "Firma sul telefono", "Signed on the phone";
        Paper: "Firma su carta", "Signed on paper";
        Oral: "A voce, con un testimone", "By word of mouth, with a witness";
        Refused: "Non ha firmato", "Did not sign";
    }
    /// Who interpreted.
    interpreted(Interpreted) {
        Tutor: "Chi segue la famiglia", "The family’s mediator-tutor";
        Interpreter: "Un altro mediatore o interprete", "Another mediator or interpreter";
        Adult: "Un parente o un vicino", "A relative or a neighbour";
        Minor: "Un minore", "A child";
    }
    /// What the social worker decided.
    verdict(Verdict) {
        Approved: "Approvata", "Approved";
        Returned: "Restituita", "Returned";
        MeetingAsked: "Chiesto un incontro", "Meeting asked for";
    }
    /// Why a plan was closed.
    closure(Closure) {
        Achieved: "Obiettivi raggiunti", "Goals achieved";
        PartlyAchieved: "Obiettivi raggiunti in parte", "Goals partly achieved";
        Moved: "Famiglia trasferita", "Family moved away";
        Withdrew: "Rinuncia", "Family withdrew";
        Untraceable: "Irreperibile", "Cannot be found";
        Repatriated: "Tornata nel suo Paese", "Went back to their country";
        HandedOver: "Passaggio ad altro servizio", "Handed over to another service";
        Death: "Decesso", "Death";
    }
    /// A member's place in the household.
    member_role(MemberRole) {
        Reference: "Persona di riferimento", "Reference person";
        Partner: "Coniuge o convivente", "Partner";
        Child: "Figlia o figlio", "Child";
        Other: "Altro parente o convivente", "Other relative or housemate";
    }
    /// Where a visit takes place.
    place(Place) {
        AtHome: "A casa", "At home";
        Office: "In ufficio", "At the office";
        School: "A scuola", "At school";
        Service: "Presso un servizio", "At a service";
        Phone: "Al telefono", "On the phone";
    }
    /// What a person does here.
    role(Role) {
        Mediator: "Mediazione e tutoraggio", "Mediator-tutor";
        SocialWorker: "Servizio sociale", "Social worker";
        Coordinator: "Coordinamento", "Coordinator";
        Administrator: "Amministrazione", "Administrator";
        System: "Percorso (il sistema)", "Percorso (the system)";
    }
}

words! {
    /// Stage: no version yet.
    stage_draft: "Bozza", "Draft";
    /// Stage: proposed.
    stage_proposed: "Proposto alla famiglia", "Proposed to the family";
    /// Stage: agreed by the family.
    stage_agreed: "Concordato, da approvare", "Agreed, to be approved";
    /// Stage: agreed and approved.
    stage_active: "Attivo", "Active";
    /// Stage: under review.
    stage_under_review: "In verifica", "Under review";
    /// Stage: suspended.
    stage_suspended: "Sospeso", "Suspended";
    /// Stage: closed.
    stage_closed: "Chiuso", "Closed";
    /// Level −2.
    level_much_less: "Molto meno del previsto", "Much less than expected";
    /// Level −1.
    level_less: "Meno del previsto", "Less than expected";
    /// Level 0.
    level_expected: "Come previsto", "As expected";
    /// Level +1.
    level_more: "Più del previsto", "More than expected";
    /// Level +2.
    level_much_more: "Molto più del previsto", "Much more than expected";
}

impl Words {
    /// A figure with one decimal as the language writes it; a dash where there is none.
    pub fn decimal(self, figure: Option<f64>) -> String {
        let Some(figure) = figure else {
            return "–".to_owned();
        };
        let written = format!("{figure:.1}");
        match self.0 {
            Language::Italian => written.replace('.', ","),
            Language::English => written,
        }
    }

    /// Where the plan stands.
    pub const fn stage(self, stage: Stage) -> &'static str {
        match stage {
            Stage::Draft => self.stage_draft(),
            Stage::Proposed => self.stage_proposed(),
            Stage::Agreed => self.stage_agreed(),
            Stage::Active => self.stage_active(),
            Stage::UnderReview => self.stage_under_review(),
            Stage::Suspended => self.stage_suspended(),
            Stage::Closed(_) => self.stage_closed(),
        }
    }

    /// The button that lets a plan go on from where it stands.
    pub const fn resume(self, from: Stage) -> &'static str {
        match from {
            Stage::Suspended => self.move_take_up(),
            Stage::Closed(_) => self.move_reopen(),
            Stage::Draft | Stage::Proposed | Stage::Agreed | Stage::Active | Stage::UnderReview => {
                self.move_resume()
            }
        }
    }

    /// Why a plan that rests is only looked at.
    pub const fn at_rest(self, stage: Stage) -> &'static str {
        match stage {
            Stage::Closed(_) => self.closed_only_look(),
            Stage::Draft
            | Stage::Proposed
            | Stage::Agreed
            | Stage::Active
            | Stage::UnderReview
            | Stage::Suspended => self.suspended_only_look(),
        }
    }

    /// A level of the scale in generic words, for those that nobody worded.
    pub const fn level(self, score: Score) -> &'static str {
        match score.get() {
            -2 => self.level_much_less(),
            -1 => self.level_less(),
            0 => self.level_expected(),
            1 => self.level_more(),
            _ => self.level_much_more(),
        }
    }

    /// A level as a number with its sign: never shown without the words.
    pub fn signed(self, score: Score) -> &'static str {
        match score.get() {
            -2 => "−2",
            -1 => "−1",
            0 => "0",
            1 => "+1",
            _ => "+2",
        }
    }

    /// What to think of where it was not interpreted by somebody whose work it is.
    pub fn interpreted_warning(self, who: Interpreted) -> Option<&'static str> {
        match who {
            Interpreted::Tutor | Interpreted::Interpreter => None,
            Interpreted::Adult => Some(self.interpreted_by_adult()),
            Interpreted::Minor => Some(self.interpreted_by_minor()),
        }
    }

    /// The tag of the language of the interface (BCP 47).
    pub fn tag(self) -> &'static str {
        match self.0 {
            Language::Italian => "it",
            Language::English => "en",
        }
    }

    /// Whether Italian is the language of the interface: then Italian texts need no mark.
    pub fn is_italian(self) -> bool {
        self.0 == Language::Italian
    }
}
