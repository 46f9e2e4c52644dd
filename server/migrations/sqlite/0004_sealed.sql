-- Keys that phones seal unsent ops to (X25519). The newest is handed out; the others still open.
create table sealing_keys (
    ente_id blob not null references enti (ente_id),
    public_key blob not null,
    private_key blob not null,
    created_at integer not null,
    primary key (ente_id, public_key)
) strict, without rowid;

-- How a phone's envelopes are known: SHA-256 of a secret that only the phone has.
create table sealing_proofs (
    ente_id blob not null,
    device_id blob not null,
    proof blob not null,
    user_id blob not null,
    created_at integer not null,
    primary key (ente_id, device_id, proof),
    foreign key (ente_id, user_id) references users (ente_id, user_id)
) strict, without rowid;
