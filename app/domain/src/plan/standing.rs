//! Which of several statements about one thing counts. No clock decides it: a statement names the
//! ones that its author had on screen, and one that nobody named afterwards stands.

use litemap::LiteMap;

use crate::id::{Millis, OpId, VersionId};
use crate::plan::{Answer, NeedRating, Plan, Review, Statement, Version};
use crate::register::Write;
use crate::vocabulary::{Area, Voice};

impl Plan {
    /// Notes what a statement names: from now on those do not stand any more.
    pub(crate) fn replace(&mut self, by: OpId, named: &[OpId]) {
        // A statement that names itself would make its own words vanish.
        let others = named.iter().copied().filter(|id| *id != by);
        self.replaced.extend(others);
    }

    /// The rating of a need by one voice that counts.
    pub fn need(&self, area: Area, voice: Voice) -> Option<&Write<NeedRating>> {
        let ratings = self.needs.get(&(area, voice))?;
        self.standing(ratings.iter()).map(|(_, write)| write)
    }

    /// The version proposed last: the one with the greatest number, which its author gave after
    /// those on screen.
    pub fn latest_version(&self) -> Option<&Version> {
        self.latest_proposal().map(|(_, version)| version)
    }

    /// The version proposed last, with the op that proposed it.
    pub fn latest_proposal(&self) -> Option<(OpId, &Version)> {
        self.versions
            .iter()
            .max_by_key(|(id, version)| (version.number, **id))
            .map(|(id, version)| (*id, version))
    }

    /// The family's answer on a version that counts.
    pub fn answer(&self, version: VersionId) -> Option<&Statement<Answer>> {
        let about = self
            .answers
            .iter()
            .filter(move |(_, one)| one.version == version);
        self.standing(about).map(|(_, statement)| statement)
    }

    /// When the family gave the answer on a version that counts: whoever chose between two answers
    /// wrote it once more, and later.
    pub fn answered_at(&self, version: VersionId) -> Option<Millis> {
        let counts = self.answer(version)?;
        let same = self.answers.values();
        let same = same.filter(|one| one.version == version && one.what == counts.what);
        same.map(|one| one.at).min()
    }

    /// The social worker's decision on a version that counts.
    pub fn review(&self, version: VersionId) -> Option<&Statement<Review>> {
        self.reviewed(version).map(|(_, statement)| statement)
    }

    /// The social worker's decision on a version that counts, with the op that says it.
    pub fn reviewed(&self, version: VersionId) -> Option<(OpId, &Statement<Review>)> {
        let about = self
            .reviews
            .iter()
            .filter(move |(_, one)| one.version == version);
        self.standing(about)
    }

    /// The family's answers on a version that nobody replaced: more than one where they were
    /// written out of each other's reach.
    pub fn standing_answers(
        &self,
        version: VersionId,
    ) -> impl Iterator<Item = (OpId, &Statement<Answer>)> {
        self.unreplaced(&self.answers)
            .filter(move |(_, one)| one.version == version)
    }

    /// The social worker's decisions on a version that nobody replaced, in the same way.
    pub fn standing_reviews(
        &self,
        version: VersionId,
    ) -> impl Iterator<Item = (OpId, &Statement<Review>)> {
        self.unreplaced(&self.reviews)
            .filter(move |(_, one)| one.version == version)
    }

    /// What a new rating of a need has to name in `replaces`.
    pub fn need_heads(&self, area: Area, voice: Voice) -> Vec<OpId> {
        let ratings = self
            .needs
            .get(&(area, voice))
            .into_iter()
            .flat_map(|all| all.keys());
        self.heads(ratings)
    }

    /// What a new answer on a version has to name in `replaces`.
    pub fn answer_heads(&self, version: VersionId) -> Vec<OpId> {
        self.standing_answers(version).map(|(id, _)| id).collect()
    }

    /// What a new decision on a version has to name in `replaces`.
    pub fn review_heads(&self, version: VersionId) -> Vec<OpId> {
        self.standing_reviews(version).map(|(id, _)| id).collect()
    }

    fn unreplaced<'a, T>(
        &'a self,
        statements: &'a LiteMap<OpId, T>,
    ) -> impl Iterator<Item = (OpId, &'a T)> {
        let all = statements.iter().map(|(id, what)| (*id, what));
        all.filter(|(id, _)| !self.replaced.contains(id))
    }

    fn heads<'a>(&self, ids: impl Iterator<Item = &'a OpId>) -> Vec<OpId> {
        ids.filter(|id| !self.replaced.contains(id))
            .copied()
            .collect()
    }

    /// The statement that nobody replaced; of several, which were made out of each other's reach,
    /// the one with the greatest id, the same on every device. Where all replace each other in a
    /// circle the greatest of all: words that were said must not disappear.
    fn standing<'a, T>(
        &self,
        statements: impl Iterator<Item = (&'a OpId, &'a T)>,
    ) -> Option<(OpId, &'a T)> {
        let mut counts: Option<(bool, OpId, &'a T)> = None;
        for (id, what) in statements {
            let stands = !self.replaced.contains(id);
            if counts.is_none_or(|(known, last, _)| (stands, *id) > (known, last)) {
                counts = Some((stands, *id, what));
            }
        }
        counts.map(|(_, id, what)| (id, what))
    }
}
