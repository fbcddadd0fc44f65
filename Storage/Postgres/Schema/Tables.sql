-- The tables of the current version, as an empty database gets them. A change to them needs a new version, and a script in Upgrades
-- that makes the same change in a database of the version before.
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
    active_segment integer);

-- What a partition holds. Its row lock is what makes appends to it take turns. Pages are left mostly empty, so that the versions
-- of a row that every append makes stay on its page (HOT) and are cleared away there.
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
    UNIQUE (topic_id, number)) WITH (fillfactor = 25);

-- A segment is a table of its own, segment_<id>, made like "batches": it holds what all partitions of a topic took in while it was
-- the topic's active one. Retention drops it when nothing in it is kept any more. Topic null: the topic was deleted.
CREATE TABLE {schema}.segments (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic_id integer,
    created_at bigint NOT NULL);

-- Where in a partition each segment begins, and how many bytes and which newest timestamp lie before that.
CREATE TABLE {schema}.partition_segments (
    partition_id integer NOT NULL,
    first_offset bigint NOT NULL,
    segment_id integer NOT NULL,
    bytes_before bigint NOT NULL,
    timestamp_before bigint NOT NULL,
    PRIMARY KEY (partition_id, first_offset));
CREATE INDEX ON {schema}.partition_segments (segment_id);

-- The model of every segment; itself always empty. The key is a batch's last offset, so that the first batch at or after an offset
-- is the one that holds it. "maximum_timestamp" is the newest of the partition up to and with the batch and "bytes_through" counts
-- the partition's bytes up to and with it, so that both rise with the offset and can be searched by halving.
CREATE TABLE {schema}.batches (
    partition_id integer NOT NULL,
    records integer NOT NULL,
    last_offset bigint NOT NULL,
    maximum_timestamp bigint NOT NULL,
    bytes_through bigint NOT NULL,
    bytes integer NOT NULL,
    batch bytea NOT NULL,
    PRIMARY KEY (partition_id, last_offset));
ALTER TABLE {schema}.batches ALTER COLUMN batch SET STORAGE EXTERNAL;

CREATE TABLE {schema}.producer_ids (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 1) PRIMARY KEY,
    name text COLLATE "C" UNIQUE,
    epoch smallint NOT NULL,
    opened_at bigint NOT NULL);

-- What a partition remembers of a producer: its epoch, the sequence that comes next, its last five batches, the newest last, and how
-- many of its records the partition took in, over all epochs.
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

CREATE TABLE {schema}.checkpoints (
    pipeline text COLLATE "C" NOT NULL,
    stage text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    source_id integer NOT NULL,
    epoch bigint NOT NULL,
    next_offset bigint NOT NULL,
    dead_letters bigint NOT NULL,
    committed_at bigint NOT NULL,
    PRIMARY KEY (pipeline, stage, partition)) WITH (fillfactor = 50);
CREATE INDEX ON {schema}.checkpoints (source_id);

CREATE TABLE {schema}.pipelines (
    name text COLLATE "C" PRIMARY KEY,
    paused boolean NOT NULL);

-- Which records are settled, as ranges that neither overlap nor touch. The partition's lock guards them.
CREATE TABLE {schema}.settled (
    partition_id integer NOT NULL,
    next_offset bigint NOT NULL,
    first_offset bigint NOT NULL,
    PRIMARY KEY (partition_id, next_offset));
