//! What a person is, or was, to a family's file.

use domain::authorize::{Relation, ScopeKind};
use domain::id::ScopeId;
use server::store::reach::Reach;

use crate::world::World;

pub async fn what_somebody_is_or_was_to_a_file_is_known(world: World) {
    let reach = async |user, scope| world.store.reach(user, scope).await.expect("it reads");
    let (tutor, family) = (world.tutor.user, world.family);
    let now = Reach {
        kind: ScopeKind::Family,
        relation: Some(Relation::Tutor),
        was_theirs: false,
    };
    assert_eq!(reach(tutor, family).await, Some(now));
    let never = Reach {
        relation: None,
        ..now
    };
    assert_eq!(reach(world.stranger.user, family).await, Some(never));
    let by = world.store.system();
    let revoked = world.store.revoke(by, family, tutor, world.now()).await;
    assert!(revoked.expect("it is taken back"));
    let before = Reach {
        was_theirs: true,
        ..never
    };
    assert_eq!(reach(tutor, family).await, Some(before));
    world.grant(family, &world.tutor, Relation::Reader).await;
    let reader = Reach {
        relation: Some(Relation::Reader),
        ..before
    };
    assert_eq!(reach(tutor, family).await, Some(reader));
    let absent = ScopeId::new(world.now(), rand::random());
    assert_eq!(reach(tutor, absent).await, None);
}
