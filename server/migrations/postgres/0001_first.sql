-- The bodies that run this server (an ambito, a consortium). Every other key begins with its id.
create table enti (
    ente_id uuid not null primary key,
    slug text not null unique,
    system_user_id uuid not null,
    restore_epoch bigint not null,
    created_at bigint not null
);

-- People who sign in. grant_epoch changes whenever what they may open changes.
create table users (
    ente_id uuid not null references enti (ente_id),
    user_id uuid not null,
    login text not null,
    display_name text not null,
    role text not null,
    password_hash text not null,
    failed_attempts bigint not null default 0,
    locked_until bigint,
    is_active boolean not null,
    grant_epoch bigint not null default 1,
    created_at bigint not null,
    primary key (ente_id, user_id),
    unique (ente_id, login)
);

-- Sign-ins, by the SHA-256 of their token. The token itself is never stored.
create table sessions (
    ente_id uuid not null,
    token_hash bytea not null,
    user_id uuid not null,
    device_id uuid,
    created_at bigint not null,
    expires_at bigint not null,
    primary key (ente_id, token_hash),
    foreign key (ente_id, user_id) references users (ente_id, user_id)
);

create index sessions_by_user on sessions (ente_id, user_id);

-- Phones and browsers that have been here.
create table devices (
    ente_id uuid not null,
    user_id uuid not null,
    device_id uuid not null,
    first_seen bigint not null,
    last_seen bigint not null,
    revoked_at bigint,
    primary key (ente_id, user_id, device_id)
);

-- Units of access and order. head is the number of the last accepted op.
create table scopes (
    ente_id uuid not null references enti (ente_id),
    scope_id uuid not null,
    kind text not null,
    head bigint not null default 0,
    created_at bigint not null,
    withdrawn_at bigint,
    primary key (ente_id, scope_id)
);

-- Who may open what.
create table grants (
    ente_id uuid not null,
    scope_id uuid not null,
    user_id uuid not null,
    relation text not null,
    since bigint not null,
    primary key (ente_id, scope_id, user_id),
    foreign key (ente_id, scope_id) references scopes (ente_id, scope_id),
    foreign key (ente_id, user_id) references users (ente_id, user_id)
);

create index grants_by_user on grants (ente_id, user_id);

-- Access that was taken back, and when the person's phone said that it had erased its copy.
create table revocations (
    ente_id uuid not null,
    user_id uuid not null,
    scope_id uuid not null,
    revoked_at bigint not null,
    purged_at bigint,
    primary key (ente_id, user_id, scope_id, revoked_at)
);

-- The log. body holds the author's bytes; a row is never changed.
create table ops (
    ente_id uuid not null,
    scope_id uuid not null,
    seq bigint not null,
    op_id uuid not null,
    author_id uuid not null,
    device_id uuid not null,
    device_seq bigint not null,
    kind text not null,
    body text not null,
    received_at bigint not null,
    primary key (ente_id, scope_id, seq),
    unique (ente_id, op_id),
    foreign key (ente_id, scope_id) references scopes (ente_id, scope_id)
);

-- Ops that were not accepted, whole. Number 0 under an id gave the receipt; the others are other
-- bytes that came under the same id.
create table quarantine (
    ente_id uuid not null,
    op_id uuid not null,
    number bigint not null,
    scope_id uuid not null,
    author_id uuid not null,
    sender_id uuid not null,
    device_id uuid not null,
    refusal text not null,
    body text not null,
    body_hash bytea not null,
    received_at bigint not null,
    primary key (ente_id, op_id, number),
    unique (ente_id, op_id, body_hash)
);

-- The end of each ente's audit trail: its last number and hash.
create table trails (
    ente_id uuid not null primary key references enti (ente_id),
    head bigint not null,
    hash bytea not null
);

-- The audit trail: who did what, on which scope. Ids and codes only. Each hash covers the one before.
create table trail (
    ente_id uuid not null,
    number bigint not null,
    at bigint not null,
    by_id uuid not null,
    action text not null,
    device_id uuid,
    scope_id uuid,
    op_id uuid,
    subject_id uuid,
    hash bytea not null,
    primary key (ente_id, number)
);

-- Runs of an import.
create table imports (
    ente_id uuid not null references enti (ente_id),
    import_id uuid not null,
    file_digest text not null,
    by_id uuid not null,
    begun_at bigint not null,
    undone_at bigint,
    primary key (ente_id, import_id)
);

-- Families that an import wrote: which row became which scope, with how many ops.
create table imported_families (
    ente_id uuid not null,
    import_id uuid not null,
    external_id text not null,
    row_digest text not null,
    scope_id uuid not null,
    ops bigint not null,
    withdrawn_at bigint,
    primary key (ente_id, import_id, external_id),
    foreign key (ente_id, import_id) references imports (ente_id, import_id)
);

create unique index imported_families_once on imported_families (ente_id, external_id)
where withdrawn_at is null;
