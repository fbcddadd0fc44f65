-- Nobody noted before which stages hosts define, so every stage counts as defined now.
ALTER TABLE {schema}.checkpoints ADD COLUMN defined_at bigint NOT NULL DEFAULT 0;
UPDATE {schema}.checkpoints SET defined_at = (extract(epoch FROM now()) * 1000)::bigint;

CREATE TABLE {schema}.write_check (
    id integer PRIMARY KEY,
    written_at bigint NOT NULL);
