-- What became of an op in quarantine: whether its author handed it over, who decided what, and why.
-- A row is never deleted; number 0 of an id is the one that is decided about.
alter table quarantine add column handed_at bigint;
alter table quarantine add column settled_at bigint;
alter table quarantine add column settled_by uuid;
alter table quarantine add column settlement text;
alter table quarantine add column reason text;

-- What its author sent after all is settled already.
update quarantine set settled_at = received_at, settlement = 'accepted'
where number = 0 and exists (
    select 1 from ops where ops.ente_id = quarantine.ente_id and ops.op_id = quarantine.op_id
);

-- By scope first: without figures about its tables, SQLite would take the first key's ente_id alone
-- and look through everything that waits for anybody.
create index quarantine_open on quarantine (scope_id, ente_id) where settled_at is null;

-- Until when a person, or one device of theirs, is kept out; a time that is past keeps nobody out.
alter table users add column suspended_until bigint;
alter table devices add column suspended_until bigint;

-- When the last op was accepted: what was touched last is sent first.
alter table scopes add column touched_at bigint;

update scopes set touched_at = (
    select received_at from ops
    where ops.ente_id = scopes.ente_id and ops.scope_id = scopes.scope_id and ops.seq = scopes.head
);

-- Days of visits that are planned and not yet made, from the log: the next visit is sent first.
create table planned_visits (
    ente_id uuid not null,
    scope_id uuid not null,
    day text not null,
    primary key (ente_id, scope_id, day)
);
