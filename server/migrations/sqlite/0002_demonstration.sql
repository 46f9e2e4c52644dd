-- Whether everything in the database is invented: pages then say so, and reports leave it out.
alter table enti add column is_demonstration integer not null default 0;
