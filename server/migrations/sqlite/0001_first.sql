-- The bodies that run this server (an ambito, a consortium). Every other key begins with its id.
create table enti (
    ente_id blob not null primary key,
    slug text not null unique,
    system_user_id blob not null,
    restore_epoch integer not null,
    created_at integer not null
) strict;

-- People who sign in. grant_epoch changes whenever what they may open changes.
create table users (
    ente_id blob not null references enti (ente_id),
    user_id blob not null,
    login text not null,
    display_name text not null,
    role text not null,
    password_hash text not null,
    failed_attempts integer not null default 0,
    locked_until integer,
    is_active integer not null,
    grant_epoch integer not null default 1,
    created_at integer not null,
    primary key (ente_id, user_id),
    unique (ente_id, login)
) strict, without rowid;

-- Sign-ins, by the SHA-256 of their token. The token itself is never stored.
create table sessions (
    ente_id blob not null,
    token_hash blob not null,
    user_id blob not null,
    device_id blob,
    created_at integer not null,
    expires_at integer not null,
    primary key (ente_id, token_hash),
    foreign key (ente_id, user_id) references users (ente_id, user_id)
) strict, without rowid;

create index sessions_by_user on sessions (ente_id, user_id);

-- Phones and browsers that have been here.
create table devices (
    ente_id blob not null,
    user_id blob not null,
    device_id blob not null,
    first_seen integer not null,
    last_seen integer not null,
    revoked_at integer,
    primary key (ente_id, user_id, device_id)
) strict, without rowid;

-- Units of access and order. head is the number of the last accepted op.
create table scopes (
    ente_id blob not null references enti (ente_id),
    scope_id blob not null,
    kind text not null,
    head integer not null default 0,
    created_at integer not null,
    withdrawn_at integer,
    primary key (ente_id, scope_id)
) strict, without rowid;

-- Who may open what.
create table grants (
    ente_id blob not null,
    scope_id blob not null,
    user_id blob not null,
    relation text not null,
    since integer not null,
    primary key (ente_id, scope_id, user_id),
    foreign key (ente_id, scope_id) references scopes (ente_id, scope_id),
    foreign key (ente_id, user_id) references users (ente_id, user_id)
) strict, without rowid;

create index grants_by_user on grants (ente_id, user_id);

-- Access that was taken back, and when the person's phone said that it had erased its copy.
create table revocations (
    ente_id blob not null,
    user_id blob not null,
    scope_id blob not null,
    revoked_at integer not null,
    purged_at integer,
    primary key (ente_id, user_id, scope_id, revoked_at)
) strict, without rowid;

-- The log. body holds the author's bytes; a row is never changed.
create table ops (
    ente_id blob not null,
    scope_id blob not null,
    seq integer not null,
    op_id blob not null,
    author_id blob not null,
    device_id blob not null,
    device_seq integer not null,
    kind text not null,
    body text not null,
    received_at integer not null,
    primary key (ente_id, scope_id, seq),
    unique (ente_id, op_id),
    foreign key (ente_id, scope_id) references scopes (ente_id, scope_id)
) strict, without rowid;

-- Ops that were not accepted, whole. Number 0 under an id gave the receipt; the others are other
-- bytes that came under the same id.
create table quarantine (
    ente_id blob not null,
    op_id blob not null,
    number integer not null,
    scope_id blob not null,
    author_id blob not null,
    sender_id blob not null,
    device_id blob not null,
    refusal text not null,
    body text not null,
    body_hash blob not null,
    received_at integer not null,
    primary key (ente_id, op_id, number),
    unique (ente_id, op_id, body_hash)
) strict, without rowid;

-- The end of each ente's audit trail: its last number and hash.
create table trails (
    ente_id blob not null primary key references enti (ente_id),
    head integer not null,
    hash blob not null
) strict, without rowid;

-- The audit trail: who did what, on which scope. Ids and codes only. Each hash covers the one before.
create table trail (
    ente_id blob not null,
    number integer not null,
    at integer not null,
    by_id blob not null,
    action text not null,
    device_id blob,
    scope_id blob,
    op_id blob,
    subject_id blob,
    hash blob not null,
    primary key (ente_id, number)
) strict, without rowid;

-- Runs of an import.
create table imports (
    ente_id blob not null references enti (ente_id),
    import_id blob not null,
    file_digest text not null,
    by_id blob not null,
    begun_at integer not null,
    undone_at integer,
    primary key (ente_id, import_id)
) strict, without rowid;

-- Families that an import wrote: which row became which scope, with how many ops.
create table imported_families (
    ente_id blob not null,
    import_id blob not null,
    external_id text not null,
    row_digest text not null,
    scope_id blob not null,
    ops integer not null,
    withdrawn_at integer,
    primary key (ente_id, import_id, external_id),
    foreign key (ente_id, import_id) references imports (ente_id, import_id)
) strict, without rowid;

create unique index imported_families_once on imported_families (ente_id, external_id)
where withdrawn_at is null;
