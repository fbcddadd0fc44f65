-- The tables of the current version, for an empty database. A change to them needs a new version, and a script in Upgrades that makes the
-- same change in a database of the version before.
--
-- All times are milliseconds since 1970-01-01T00:00:00Z. "{schema}" stands for the store's schema.

CREATE TABLE {schema}.topics (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    partitions integer NOT NULL,
    retention_ticks bigint,
    retention_bytes bigint,
    discard_unread boolean NOT NULL,
    lag_limit bigint NOT NULL,
    created_at bigint NOT NULL,
    active_segment integer,
    uuid uuid NOT NULL DEFAULT gen_random_uuid());

-- The contents of each partition. Appends to a partition take turns by the lock on its row. Pages are left mostly empty, so that the row
-- versions of appends stay on their page (HOT) and are cleaned up there.
CREATE TABLE {schema}.partitions (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic_id integer NOT NULL,
    number integer NOT NULL,
    segment_id integer,
    start_offset bigint NOT NULL DEFAULT 0,
    end_offset bigint NOT NULL DEFAULT 0,
    bytes_before bigint NOT NULL DEFAULT 0,
    bytes_through bigint NOT NULL DEFAULT 0,
    maximum_timestamp bigint NOT NULL DEFAULT -9223372036854775808,
    discarded bigint NOT NULL DEFAULT 0,
    appended_at bigint NOT NULL DEFAULT -9223372036854775808,
    UNIQUE (topic_id, number)) WITH (fillfactor = 25);

-- A segment is a table of its own, segment_<id>, created like "batches". It holds the batches that all partitions of a topic received while
-- the segment was the topic's active one. Retention drops a segment when none of its batches is kept. Topic null: the topic was deleted.
CREATE TABLE {schema}.segments (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic_id integer,
    created_at bigint NOT NULL);

-- The first offset of each segment in a partition, with the bytes and the newest timestamp before that offset.
CREATE TABLE {schema}.partition_segments (
    partition_id integer NOT NULL,
    first_offset bigint NOT NULL,
    segment_id integer NOT NULL,
    bytes_before bigint NOT NULL,
    timestamp_before bigint NOT NULL,
    appended_before bigint NOT NULL,
    PRIMARY KEY (partition_id, first_offset));
CREATE INDEX ON {schema}.partition_segments (segment_id);

-- The template of every segment; always empty itself. The key is a batch's last offset, so the first batch at or after an offset is the one
-- that contains the offset. "maximum_timestamp" is the newest timestamp of the partition up to and with the batch, and "bytes_through"
-- counts the bytes up to and with it. So both rise with the offset, and a binary search finds a value.
CREATE TABLE {schema}.batches (
    partition_id integer NOT NULL,
    records integer NOT NULL,
    last_offset bigint NOT NULL,
    maximum_timestamp bigint NOT NULL,
    bytes_through bigint NOT NULL,
    bytes integer NOT NULL,
    batch bytea NOT NULL,
    appended_at bigint NOT NULL,
    PRIMARY KEY (partition_id, last_offset));
ALTER TABLE {schema}.batches ALTER COLUMN batch SET STORAGE EXTERNAL;

CREATE TABLE {schema}.producer_ids (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 1) PRIMARY KEY,
    name text COLLATE "C" UNIQUE,
    epoch smallint NOT NULL,
    opened_at bigint NOT NULL);

-- A partition's memory of a producer: its epoch, the next sequence, its last five batches (the newest last), and its number of records in
-- the partition, over all epochs.
CREATE TABLE {schema}.producers (
    producer_id bigint NOT NULL,
    partition_id integer NOT NULL,
    epoch smallint NOT NULL,
    seen_at bigint NOT NULL,
    next_sequence integer NOT NULL,
    sequences integer[] NOT NULL,
    counts integer[] NOT NULL,
    offsets bigint[] NOT NULL,
    records bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (producer_id, partition_id)) WITH (fillfactor = 50);

-- "source_id" is 0 for a task that reads no topic, and -1 for one that was let go of, whose row stays so that its epoch goes on.
-- "defined_at" is when a host last took the task over or noted that it defines the task's stage.
CREATE TABLE {schema}.checkpoints (
    pipeline text COLLATE "C" NOT NULL,
    stage text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    source_id integer NOT NULL,
    epoch bigint NOT NULL,
    next_offset bigint NOT NULL,
    dead_letters bigint NOT NULL,
    committed_at bigint NOT NULL,
    defined_at bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (pipeline, stage, partition)) WITH (fillfactor = 50);
CREATE INDEX ON {schema}.checkpoints (source_id);

CREATE TABLE {schema}.pipelines (
    name text COLLATE "C" PRIMARY KEY,
    paused boolean NOT NULL);

-- The settled records, as ranges that neither overlap nor touch. The lock on the partition guards them.
CREATE TABLE {schema}.settled (
    partition_id integer NOT NULL,
    next_offset bigint NOT NULL,
    first_offset bigint NOT NULL,
    PRIMARY KEY (partition_id, next_offset));

-- A row that is written only to find out whether the database can be written.
CREATE TABLE {schema}.write_check (
    id integer PRIMARY KEY,
    written_at bigint NOT NULL);
