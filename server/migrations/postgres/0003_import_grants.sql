-- Rights that an import gave on families that were there before it, and what each person was to the
-- family until then. Whoever gives or takes such a right since removes its row: then it is theirs.
create table import_grants (
    ente_id uuid not null,
    import_id uuid not null,
    scope_id uuid not null,
    user_id uuid not null,
    relation text not null,
    earlier_relation text,
    primary key (ente_id, import_id, scope_id, user_id),
    foreign key (ente_id, import_id) references imports (ente_id, import_id)
);

create index import_grants_by_grant on import_grants (ente_id, scope_id, user_id);
