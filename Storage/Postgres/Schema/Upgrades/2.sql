-- Records were not counted before this version, so the count starts at what the newest epoch's sequences show.
ALTER TABLE {schema}.producers ADD COLUMN records bigint NOT NULL DEFAULT 0;
UPDATE {schema}.producers SET records = next_sequence;

CREATE TABLE {schema}.settled (
    partition_id integer NOT NULL,
    next_offset bigint NOT NULL,
    first_offset bigint NOT NULL,
    PRIMARY KEY (partition_id, next_offset));
