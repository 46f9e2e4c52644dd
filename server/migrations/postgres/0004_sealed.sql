-- Keys that phones seal unsent ops to (X25519). The newest is handed out; the others still open.
create table sealing_keys (
    ente_id uuid not null references enti (ente_id),
    public_key bytea not null,
    private_key bytea not null,
    created_at bigint not null,
    primary key (ente_id, public_key)
);

-- How a phone's envelopes are known: SHA-256 of a secret that only the phone has.
create table sealing_proofs (
    ente_id uuid not null,
    device_id uuid not null,
    proof bytea not null,
    user_id uuid not null,
    created_at bigint not null,
    primary key (ente_id, device_id, proof),
    foreign key (ente_id, user_id) references users (ente_id, user_id)
);
