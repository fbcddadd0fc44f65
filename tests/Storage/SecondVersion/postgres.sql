
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA pipeline;

CREATE FUNCTION pipeline.add_segment(p_topic integer, p_now bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_segment integer;
BEGIN
    INSERT INTO "pipeline".segments (topic_id, created_at) VALUES (p_topic, p_now) RETURNING id INTO v_segment;
    EXECUTE format('CREATE TABLE "pipeline".segment_%s (LIKE "pipeline".batches INCLUDING STORAGE INCLUDING INDEXES) '
        'WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false)', v_segment);
    UPDATE "pipeline".topics SET active_segment = v_segment WHERE id = p_topic;
END $$;

CREATE FUNCTION pipeline.append(p_partition integer, p_producer bigint, p_epoch smallint, p_sequence integer, p_count integer, p_maximum_timestamp bigint, p_now bigint, p_batch bytea, OUT status integer, OUT base_offset bigint, OUT detail bigint) RETURNS record
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_partition "pipeline".partitions;
    v_producer "pipeline".producers;
    v_kept integer := 0;
BEGIN
    SELECT * INTO v_partition FROM "pipeline".partitions WHERE id = p_partition FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        status := 2;
        RETURN;
    END IF;

    IF p_producer < 0 THEN
        status := 0;
        base_offset := "pipeline".store_batch(v_partition, p_count, p_maximum_timestamp, p_batch);
        RETURN;
    END IF;

    SELECT * INTO v_producer FROM "pipeline".producers WHERE producer_id = p_producer AND partition_id = p_partition;
    detail := greatest(v_producer.epoch, (SELECT epoch FROM "pipeline".producer_ids WHERE id = p_producer));
    IF p_epoch < detail THEN
        status := 5;
        RETURN;
    END IF;

    detail := CASE WHEN v_producer.epoch = p_epoch THEN v_producer.next_sequence ELSE 0 END;
    IF p_sequence <> detail THEN
        -- A sequence is past if it is before the next one by less than half of all sequences.
        IF v_producer.epoch = p_epoch AND ((detail - 1 - p_sequence) & 2147483647) < 1073741824 THEN
            SELECT o INTO base_offset FROM unnest(v_producer.sequences, v_producer.counts, v_producer.offsets) AS b (s, c, o)
            WHERE s = p_sequence AND c = p_count;
            status := CASE WHEN FOUND THEN 1 ELSE 4 END;
        ELSE
            status := 3;
        END IF;

        RETURN;
    END IF;

    status := 0;
    base_offset := "pipeline".store_batch(v_partition, p_count, p_maximum_timestamp, p_batch);
    IF v_producer.epoch = p_epoch THEN
        v_kept := cardinality(v_producer.sequences);
    ELSE
        v_producer.sequences := '{}';
        v_producer.counts := '{}';
        v_producer.offsets := '{}';
    END IF;

    INSERT INTO "pipeline".producers (producer_id, partition_id, epoch, seen_at, next_sequence, sequences, counts, offsets, records)
    VALUES (
        p_producer, p_partition, p_epoch, p_now, (p_sequence::bigint + p_count) & 2147483647,
        (v_producer.sequences || p_sequence)[greatest(v_kept - 3, 1):],
        (v_producer.counts || p_count)[greatest(v_kept - 3, 1):],
        (v_producer.offsets || base_offset)[greatest(v_kept - 3, 1):],
        coalesce(v_producer.records, 0) + p_count)
    ON CONFLICT (producer_id, partition_id) DO UPDATE SET
        epoch = excluded.epoch, seen_at = excluded.seen_at, next_sequence = excluded.next_sequence,
        sequences = excluded.sequences, counts = excluded.counts, offsets = excluded.offsets, records = excluded.records;
END $$;

CREATE FUNCTION pipeline.append_output(p_partition integer, p_count integer, p_maximum_timestamp bigint, p_batch bytea) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_partition "pipeline".partitions;
BEGIN
    SELECT * INTO v_partition FROM "pipeline".partitions WHERE id = p_partition FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP03', MESSAGE = 'no such partition';
    END IF;

    RETURN "pipeline".store_batch(v_partition, p_count, p_maximum_timestamp, p_batch);
END $$;

CREATE FUNCTION pipeline.commit_task(p_pipeline text, p_stage text, p_partition integer, p_epoch bigint, p_first bigint, p_next bigint, p_dead_letters integer, p_now bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_found "pipeline".checkpoints;
BEGIN
    UPDATE "pipeline".checkpoints SET next_offset = p_next, dead_letters = dead_letters + p_dead_letters, committed_at = p_now
    WHERE pipeline = p_pipeline AND stage = p_stage AND partition = p_partition AND epoch = p_epoch AND next_offset = p_first;
    IF FOUND THEN
        RETURN;
    END IF;

    SELECT * INTO v_found FROM "pipeline".checkpoints WHERE pipeline = p_pipeline AND stage = p_stage AND partition = p_partition;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP01', MESSAGE = 'it was never taken over';
    ELSIF v_found.epoch <> p_epoch THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP01',
            MESSAGE = format('it came under epoch %s, but epoch %s has taken over', p_epoch, v_found.epoch);
    ELSIF v_found.next_offset = p_next THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP02', MESSAGE = 'the commit was made before';
    ELSE
        RAISE EXCEPTION USING ERRCODE = 'PIP01',
            MESSAGE = format('it starts at offset %s, but the task has committed up to %s', p_first, v_found.next_offset);
    END IF;
END $$;

CREATE FUNCTION pipeline.create_topic(p_name text, p_partitions integer, p_retention_ticks bigint, p_retention_bytes bigint, p_discard_unread boolean, p_lag_limit bigint, p_now bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_topic integer;
BEGIN
    INSERT INTO "pipeline".topics (name, partitions, retention_ticks, retention_bytes, discard_unread, lag_limit, created_at)
    VALUES (p_name, p_partitions, p_retention_ticks, p_retention_bytes, p_discard_unread, p_lag_limit, p_now)
    ON CONFLICT (name) DO NOTHING RETURNING id INTO v_topic;
    IF FOUND THEN
        INSERT INTO "pipeline".partitions (topic_id, number) SELECT v_topic, number FROM generate_series(0, p_partitions - 1) AS number;
        PERFORM "pipeline".add_segment(v_topic, p_now);
    END IF;
END $$;

CREATE FUNCTION pipeline.delete_topic(p_name text) RETURNS integer[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_topic integer;
    v_partitions integer[];
    v_reader text;
BEGIN
    SELECT id INTO v_topic FROM "pipeline".topics WHERE name = p_name FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP03', MESSAGE = 'no such topic';
    END IF;

    PERFORM FROM "pipeline".partitions WHERE topic_id = v_topic ORDER BY id FOR UPDATE;
    SELECT array_agg(id) INTO v_partitions FROM "pipeline".partitions WHERE topic_id = v_topic;
    SELECT pipeline INTO v_reader FROM "pipeline".checkpoints WHERE source_id = ANY (v_partitions) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP05', MESSAGE = v_reader;
    END IF;

    DELETE FROM "pipeline".producers WHERE partition_id = ANY (v_partitions);
    DELETE FROM "pipeline".settled WHERE partition_id = ANY (v_partitions);
    DELETE FROM "pipeline".partition_segments WHERE partition_id = ANY (v_partitions);
    DELETE FROM "pipeline".partitions WHERE topic_id = v_topic;
    UPDATE "pipeline".segments SET topic_id = NULL WHERE topic_id = v_topic;
    DELETE FROM "pipeline".topics WHERE id = v_topic;
    RETURN v_partitions;
END $$;

CREATE FUNCTION pipeline.drop_segment(p_segment integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM set_config('lock_timeout', '2s', true);
    EXECUTE format('LOCK TABLE "pipeline".segment_%s IN ACCESS EXCLUSIVE MODE', p_segment);
    IF NOT EXISTS (SELECT FROM "pipeline".spent_segments() AS spent WHERE spent = p_segment) THEN
        RETURN false;
    END IF;

    EXECUTE format('DROP TABLE "pipeline".segment_%s', p_segment);
    DELETE FROM "pipeline".partition_segments WHERE segment_id = p_segment;
    DELETE FROM "pipeline".segments WHERE id = p_segment;
    RETURN true;
END $$;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE pipeline.partitions (
    id integer NOT NULL,
    topic_id integer NOT NULL,
    number integer NOT NULL,
    segment_id integer,
    start_offset bigint DEFAULT 0 NOT NULL,
    end_offset bigint DEFAULT 0 NOT NULL,
    bytes_before bigint DEFAULT 0 NOT NULL,
    bytes_through bigint DEFAULT 0 NOT NULL,
    maximum_timestamp bigint DEFAULT '-9223372036854775808'::bigint NOT NULL,
    discarded bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='25');

CREATE FUNCTION pipeline.find_batch(p_partition pipeline.partitions, p_column text, p_threshold bigint) RETURNS bigint
    LANGUAGE plpgsql
    AS $_$
DECLARE
    v_segment "pipeline".partition_segments;
    v_low bigint;
    v_high bigint;
    v_middle bigint;
    v_last bigint;
    v_first bigint;
    v_value bigint;
BEGIN
    -- The batch is in the last segment before which the threshold is not reached, or is the first one after it.
    SELECT * INTO v_segment FROM "pipeline".partition_segments
    WHERE partition_id = p_partition.id AND first_offset < p_partition.end_offset
        AND CASE p_column WHEN 'maximum_timestamp' THEN timestamp_before ELSE bytes_before END < p_threshold
    ORDER BY first_offset DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN p_partition.start_offset;
    END IF;

    SELECT coalesce(min(first_offset), p_partition.end_offset) INTO v_high FROM "pipeline".partition_segments
    WHERE partition_id = p_partition.id AND first_offset > v_segment.first_offset AND first_offset < p_partition.end_offset;
    v_low := greatest(v_segment.first_offset, p_partition.start_offset);
    v_middle := v_low;
    WHILE v_low < v_high LOOP
        EXECUTE format('SELECT last_offset, last_offset - records + 1, %s FROM "pipeline".segment_%s '
            'WHERE partition_id = $1 AND last_offset >= $2 ORDER BY last_offset LIMIT 1', p_column, v_segment.segment_id)
        INTO STRICT v_last, v_first, v_value USING p_partition.id, v_middle;
        IF v_value >= p_threshold THEN
            v_high := v_first;
        ELSE
            v_low := v_last + 1;
        END IF;

        v_middle := v_low + (v_high - v_low) / 2;
    END LOOP;

    RETURN greatest(v_high, p_partition.start_offset);
END $_$;

CREATE FUNCTION pipeline.hold_producers(p_producers bigint[]) RETURNS void
    LANGUAGE sql
    AS $$
    SELECT pg_advisory_xact_lock_shared("pipeline".producer_lock(producer))
    FROM (SELECT DISTINCT producer FROM unnest(p_producers) AS producer ORDER BY 1) AS sorted
$$;

CREATE FUNCTION pipeline.lock_partitions(p_partitions integer[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM FROM "pipeline".partitions WHERE id = ANY (p_partitions) ORDER BY id FOR NO KEY UPDATE;
END $$;

CREATE TABLE pipeline.checkpoints (
    pipeline text NOT NULL COLLATE pg_catalog."C",
    stage text NOT NULL COLLATE pg_catalog."C",
    partition integer NOT NULL,
    source_id integer NOT NULL,
    epoch bigint NOT NULL,
    next_offset bigint NOT NULL,
    dead_letters bigint NOT NULL,
    committed_at bigint NOT NULL
)
WITH (fillfactor='50');

CREATE FUNCTION pipeline.move_task(p_task pipeline.checkpoints, p_offset bigint) RETURNS pipeline.checkpoints
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_source "pipeline".partitions;
BEGIN
    SELECT * INTO v_source FROM "pipeline".partitions WHERE id = p_task.source_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP03', MESSAGE = 'no such partition';
    END IF;

    UPDATE "pipeline".checkpoints
    SET epoch = epoch + 1, next_offset = least(greatest(p_offset, v_source.start_offset), v_source.end_offset)
    WHERE pipeline = p_task.pipeline AND stage = p_task.stage AND partition = p_task.partition
    RETURNING * INTO p_task;
    RETURN p_task;
END $$;

CREATE FUNCTION pipeline.offset_at(p_partition integer, p_timestamp bigint) RETURNS bigint
    LANGUAGE sql
    AS $$
    SELECT CASE WHEN p.maximum_timestamp < p_timestamp OR p.start_offset = p.end_offset THEN p.end_offset
        ELSE "pipeline".find_batch(p, 'maximum_timestamp', p_timestamp) END
    FROM "pipeline".partitions p WHERE p.id = p_partition
$$;

CREATE FUNCTION pipeline.open_producer(p_name text, p_now bigint, OUT id bigint, OUT epoch smallint) RETURNS record
    LANGUAGE plpgsql
    AS $$
BEGIN
    LOOP
        INSERT INTO "pipeline".producer_ids AS p (name, epoch, opened_at) VALUES (p_name, 0, p_now)
        ON CONFLICT (name) DO NOTHING RETURNING p.id, p.epoch INTO id, epoch;
        EXIT WHEN FOUND;
        SELECT p.id INTO id FROM "pipeline".producer_ids AS p WHERE p.name = p_name;
        CONTINUE WHEN NOT FOUND;
        PERFORM pg_advisory_xact_lock("pipeline".producer_lock(id));
        UPDATE "pipeline".producer_ids AS p SET epoch = p.epoch + 1, opened_at = p_now WHERE p.name = p_name AND p.id = open_producer.id
        RETURNING p.epoch INTO epoch;
        CONTINUE WHEN NOT FOUND;
        EXIT WHEN epoch < 32767;
        UPDATE "pipeline".producer_ids AS p SET name = NULL WHERE p.id = open_producer.id;
    END LOOP;
END $$;

CREATE FUNCTION pipeline.overdue(p_now bigint) RETURNS TABLE(partition_id integer, keep_from bigint)
    LANGUAGE sql
    AS $$
    SELECT id, keep_from FROM (
        SELECT p.id, p.start_offset, greatest(
            CASE WHEN p.bytes_through - p.bytes_before > t.retention_bytes
                THEN "pipeline".find_batch(p, 'bytes_through - bytes', p.bytes_through - t.retention_bytes) END,
            CASE WHEN t.retention_ticks IS NOT NULL
                THEN "pipeline".find_batch(p, 'maximum_timestamp', p_now - t.retention_ticks / 10000) END) AS keep_from
        FROM "pipeline".partitions p JOIN "pipeline".topics t ON t.id = p.topic_id
        WHERE p.start_offset < p.end_offset) AS found
    WHERE keep_from > start_offset
$$;

CREATE FUNCTION pipeline.producer_lock(p_producer bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT hashtextextended('"pipeline".producers', p_producer)
$$;

CREATE FUNCTION pipeline.roll_full(p_topic integer, p_bytes bigint, p_now bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_segment integer;
BEGIN
    SELECT active_segment INTO v_segment FROM "pipeline".topics WHERE id = p_topic FOR NO KEY UPDATE;
    IF FOUND AND pg_table_size(format('"pipeline".segment_%s', v_segment)::regclass) >= p_bytes THEN
        PERFORM "pipeline".add_segment(p_topic, p_now);
    END IF;
END $$;

CREATE FUNCTION pipeline.roll_old(p_now bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_topic integer;
BEGIN
    FOR v_topic IN
        SELECT t.id FROM "pipeline".topics t JOIN "pipeline".segments s ON s.id = t.active_segment
        WHERE s.created_at < p_now - t.retention_ticks / 10000
            AND EXISTS (SELECT FROM "pipeline".partition_segments m WHERE m.segment_id = s.id)
        ORDER BY t.id FOR NO KEY UPDATE OF t
    LOOP
        PERFORM "pipeline".add_segment(v_topic, p_now);
    END LOOP;
END $$;

CREATE FUNCTION pipeline.seek_task(p_pipeline text, p_stage text, p_partition integer, p_offset bigint) RETURNS pipeline.checkpoints
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_task "pipeline".checkpoints;
BEGIN
    SELECT * INTO v_task FROM "pipeline".checkpoints
    WHERE pipeline = p_pipeline AND stage = p_stage AND partition = p_partition FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP06', MESSAGE = 'no such task';
    END IF;

    RETURN "pipeline".move_task(v_task, p_offset);
END $$;

CREATE FUNCTION pipeline.settle(p_partition integer, p_firsts bigint[], p_nexts bigint[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_partition "pipeline".partitions;
    v_right "pipeline".settled;
    v_first bigint;
    v_next bigint;
    v_left bigint;
BEGIN
    SELECT * INTO v_partition FROM "pipeline".partitions WHERE id = p_partition;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP03', MESSAGE = 'no such partition';
    END IF;

    FOR v_range IN 1..cardinality(p_firsts) LOOP
        v_first := p_firsts[v_range];
        v_next := p_nexts[v_range];
        IF v_first < v_partition.start_offset OR v_next > v_partition.end_offset THEN
            RAISE EXCEPTION USING ERRCODE = 'PIP08', MESSAGE = format('%s:%s:%s',
                CASE WHEN v_first < v_partition.start_offset THEN v_first ELSE v_next END,
                v_partition.start_offset, v_partition.end_offset);
        END IF;

        SELECT * INTO v_right FROM "pipeline".settled
        WHERE partition_id = p_partition AND next_offset > v_first ORDER BY next_offset LIMIT 1;
        IF v_right.first_offset < v_next THEN
            RAISE EXCEPTION USING ERRCODE = 'PIP07', MESSAGE = format('%s:%s', v_first, v_next);
        ELSIF v_right.first_offset = v_next THEN
            DELETE FROM "pipeline".settled WHERE partition_id = p_partition AND next_offset = v_right.next_offset;
            v_next := v_right.next_offset;
        END IF;

        DELETE FROM "pipeline".settled WHERE partition_id = p_partition AND next_offset = v_first RETURNING first_offset INTO v_left;
        INSERT INTO "pipeline".settled (partition_id, next_offset, first_offset) VALUES (p_partition, v_next, coalesce(v_left, v_first));
    END LOOP;
END $$;

CREATE FUNCTION pipeline.spent_segments() RETURNS SETOF integer
    LANGUAGE sql
    AS $$
    SELECT s.id FROM "pipeline".segments s
    WHERE NOT EXISTS (SELECT FROM "pipeline".topics t WHERE t.active_segment = s.id) AND NOT EXISTS (
        SELECT FROM "pipeline".partition_segments m JOIN "pipeline".partitions p ON p.id = m.partition_id
        WHERE m.segment_id = s.id AND p.start_offset < coalesce(
            (SELECT min(n.first_offset) FROM "pipeline".partition_segments n
            WHERE n.partition_id = m.partition_id AND n.first_offset > m.first_offset),
            p.end_offset))
$$;

CREATE FUNCTION pipeline.store_batch(p_partition pipeline.partitions, p_count integer, p_maximum_timestamp bigint, p_batch bytea) RETURNS bigint
    LANGUAGE plpgsql
    AS $_$
DECLARE
    v_segment integer;
    v_timestamp bigint := greatest(p_partition.maximum_timestamp, p_maximum_timestamp);
    v_bytes integer := octet_length(p_batch);
BEGIN
    -- Reads after the lock on the partition, so that segments follow one another in the order of the offsets.
    SELECT active_segment INTO v_segment FROM "pipeline".topics WHERE id = p_partition.topic_id;
    UPDATE "pipeline".partitions
    SET end_offset = p_partition.end_offset + p_count, bytes_through = p_partition.bytes_through + v_bytes,
        maximum_timestamp = v_timestamp, segment_id = v_segment
    WHERE id = p_partition.id;
    IF p_partition.segment_id IS DISTINCT FROM v_segment THEN
        INSERT INTO "pipeline".partition_segments (partition_id, first_offset, segment_id, bytes_before, timestamp_before)
        VALUES (p_partition.id, p_partition.end_offset, v_segment, p_partition.bytes_through, p_partition.maximum_timestamp);
    END IF;

    EXECUTE format('INSERT INTO "pipeline".segment_%s (partition_id, records, last_offset, maximum_timestamp, bytes_through, bytes, batch) '
        'VALUES ($1, $2, $3, $4, $5, $6, $7)', v_segment)
    USING p_partition.id, p_count, p_partition.end_offset + p_count - 1, v_timestamp, p_partition.bytes_through + v_bytes, v_bytes, p_batch;
    RETURN p_partition.end_offset;
END $_$;

CREATE FUNCTION pipeline.sum(a double precision, b double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT CASE
        WHEN a > 0 AND b > 1.7976931348623157e308 - a THEN 'Infinity'
        WHEN a < 0 AND b < -1.7976931348623157e308 - a THEN '-Infinity'
        ELSE a + b END
$$;

CREATE FUNCTION pipeline.sum(a bigint, b bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT CASE
        WHEN b > 0 AND a > 9223372036854775807 - b THEN 9223372036854775807
        WHEN b < 0 AND a < -9223372036854775808 - b THEN -9223372036854775808
        ELSE a + b END
$$;

CREATE FUNCTION pipeline.take_over(p_pipeline text, p_stage text, p_partition integer, p_source integer, p_start bigint, p_now bigint) RETURNS pipeline.checkpoints
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_task "pipeline".checkpoints;
BEGIN
    INSERT INTO "pipeline".checkpoints (pipeline, stage, partition, source_id, epoch, next_offset, dead_letters, committed_at)
    VALUES (p_pipeline, p_stage, p_partition, p_source, 0, p_start, 0, p_now) ON CONFLICT DO NOTHING;
    SELECT * INTO v_task FROM "pipeline".checkpoints
    WHERE pipeline = p_pipeline AND stage = p_stage AND partition = p_partition FOR NO KEY UPDATE;
    IF v_task.source_id <> p_source THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP04', MESSAGE = (
            SELECT t.name || '/' || p.number FROM "pipeline".partitions p JOIN "pipeline".topics t ON t.id = p.topic_id
            WHERE p.id = v_task.source_id);
    END IF;

    RETURN "pipeline".move_task(v_task, v_task.next_offset);
END $$;

CREATE FUNCTION pipeline."trim"(p_partition integer, p_keep_from bigint) RETURNS bigint
    LANGUAGE plpgsql
    AS $_$
DECLARE
    v_partition "pipeline".partitions;
    v_committed bigint;
    v_start bigint;
    v_bytes bigint;
    v_segment integer;
BEGIN
    SELECT * INTO v_partition FROM "pipeline".partitions WHERE id = p_partition FOR NO KEY UPDATE;
    SELECT min(next_offset) INTO v_committed FROM "pipeline".checkpoints WHERE source_id = p_partition;
    SELECT CASE WHEN discard_unread THEN p_keep_from ELSE least(p_keep_from, v_committed) END INTO v_start
    FROM "pipeline".topics WHERE id = v_partition.topic_id;
    v_start := least(v_start, v_partition.end_offset);
    IF v_start IS NULL OR v_start <= v_partition.start_offset THEN
        RETURN 0;
    END IF;

    v_bytes := v_partition.bytes_through;
    IF v_start < v_partition.end_offset THEN
        SELECT segment_id INTO v_segment FROM "pipeline".partition_segments
        WHERE partition_id = p_partition AND first_offset <= v_start ORDER BY first_offset DESC LIMIT 1;
        EXECUTE format('SELECT last_offset - records + 1, bytes_through - bytes FROM "pipeline".segment_%s '
            'WHERE partition_id = $1 AND last_offset >= $2 ORDER BY last_offset LIMIT 1', v_segment)
        INTO STRICT v_start, v_bytes USING p_partition, v_start;
    END IF;

    UPDATE "pipeline".partitions SET start_offset = v_start, bytes_before = v_bytes,
        discarded = discarded + CASE WHEN v_committed IS NULL THEN 0 ELSE greatest(v_start - greatest(start_offset, v_committed), 0) END
    WHERE id = p_partition;
    DELETE FROM "pipeline".settled WHERE partition_id = p_partition AND next_offset <= v_start;
    RETURN v_start - v_partition.start_offset;
END $_$;

CREATE TABLE pipeline.batches (
    partition_id integer NOT NULL,
    records integer NOT NULL,
    last_offset bigint NOT NULL,
    maximum_timestamp bigint NOT NULL,
    bytes_through bigint NOT NULL,
    bytes integer NOT NULL,
    batch bytea NOT NULL
);
ALTER TABLE ONLY pipeline.batches ALTER COLUMN batch SET STORAGE EXTERNAL;

CREATE TABLE pipeline.partition_segments (
    partition_id integer NOT NULL,
    first_offset bigint NOT NULL,
    segment_id integer NOT NULL,
    bytes_before bigint NOT NULL,
    timestamp_before bigint NOT NULL
);

ALTER TABLE pipeline.partitions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pipeline.partitions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE pipeline.pipelines (
    name text NOT NULL COLLATE pg_catalog."C",
    paused boolean NOT NULL
);

CREATE TABLE pipeline.producer_ids (
    id bigint NOT NULL,
    name text COLLATE pg_catalog."C",
    epoch smallint NOT NULL,
    opened_at bigint NOT NULL
);

ALTER TABLE pipeline.producer_ids ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pipeline.producer_ids_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE pipeline.producers (
    producer_id bigint NOT NULL,
    partition_id integer NOT NULL,
    epoch smallint NOT NULL,
    seen_at bigint NOT NULL,
    next_sequence integer NOT NULL,
    sequences integer[] NOT NULL,
    counts integer[] NOT NULL,
    offsets bigint[] NOT NULL,
    records bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE pipeline.segment_1 (
    partition_id integer NOT NULL,
    records integer NOT NULL,
    last_offset bigint NOT NULL,
    maximum_timestamp bigint NOT NULL,
    bytes_through bigint NOT NULL,
    bytes integer NOT NULL,
    batch bytea NOT NULL
)
WITH (autovacuum_enabled='false', toast.autovacuum_enabled='false');
ALTER TABLE ONLY pipeline.segment_1 ALTER COLUMN batch SET STORAGE EXTERNAL;

CREATE TABLE pipeline.segment_2 (
    partition_id integer NOT NULL,
    records integer NOT NULL,
    last_offset bigint NOT NULL,
    maximum_timestamp bigint NOT NULL,
    bytes_through bigint NOT NULL,
    bytes integer NOT NULL,
    batch bytea NOT NULL
)
WITH (autovacuum_enabled='false', toast.autovacuum_enabled='false');
ALTER TABLE ONLY pipeline.segment_2 ALTER COLUMN batch SET STORAGE EXTERNAL;

CREATE TABLE pipeline.segments (
    id integer NOT NULL,
    topic_id integer,
    created_at bigint NOT NULL
);

ALTER TABLE pipeline.segments ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pipeline.segments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE pipeline.settled (
    partition_id integer NOT NULL,
    next_offset bigint NOT NULL,
    first_offset bigint NOT NULL
);

CREATE TABLE pipeline.store (
    version integer NOT NULL
);

COMMENT ON TABLE pipeline.store IS 'functions dbfd43eb92b69a27d4dbecb73efc02d058eef88a0cde5c7f6e1639e1e1f3ea02';

CREATE TABLE pipeline.topics (
    id integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    partitions integer NOT NULL,
    retention_ticks bigint,
    retention_bytes bigint,
    discard_unread boolean NOT NULL,
    lag_limit bigint NOT NULL,
    created_at bigint NOT NULL,
    active_segment integer
);

ALTER TABLE pipeline.topics ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pipeline.topics_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

INSERT INTO pipeline.checkpoints VALUES ('shop', 'count', 0, 1, 1, 5, 0, 1769859000000);

INSERT INTO pipeline.partition_segments VALUES (1, 0, 1, 0, -9223372036854775808);
INSERT INTO pipeline.partition_segments VALUES (2, 0, 1, 0, -9223372036854775808);

INSERT INTO pipeline.partitions OVERRIDING SYSTEM VALUE VALUES (3, 2, 0, NULL, 0, 0, 0, 0, -9223372036854775808, 0);
INSERT INTO pipeline.partitions OVERRIDING SYSTEM VALUE VALUES (1, 1, 0, 1, 0, 5, 0, 288, 4102444800000, 0);
INSERT INTO pipeline.partitions OVERRIDING SYSTEM VALUE VALUES (2, 1, 1, 1, 0, 2, 0, 77, 1769858700000, 0);

INSERT INTO pipeline.pipelines VALUES ('shop', true);

INSERT INTO pipeline.producer_ids OVERRIDING SYSTEM VALUE VALUES (1, 'billing', 0, 1769859000000);

INSERT INTO pipeline.producers VALUES (1, 2, 0, 1769859000000, 2, '{0}', '{2}', '{0}', 2);

INSERT INTO pipeline.segment_1 VALUES (1, 1, 0, 1769853600000, 69, 69, '\x000000000000000000000039ffffffff021808dcda0000000000000000019c137ec1000000019c137ec100ffffffffffffffffffffffffffff000000010e00000001026100');
INSERT INTO pipeline.segment_1 VALUES (1, 2, 2, 1769857200000, 146, 77, '\x000000000000000000000041ffffffff02177ff93b0000000000010000019c13b5af800000019c13b5af80ffffffffffffffffffffffffffff000000020e000000010262000e00000201026300');
INSERT INTO pipeline.segment_1 VALUES (1, 1, 3, 4102444800000, 219, 73, '\x00000000000000000000003dffffffff02b03561ad000000000000000003bb2cc3d800000003bb2cc3d800ffffffffffffffffffffffffffff0000000116000000010a616865616400');
INSERT INTO pipeline.segment_1 VALUES (1, 1, 4, 4102444800000, 288, 69, '\x000000000000000000000039ffffffff0273e860470000000000000000019c13c7ff000000019c13c7ff00ffffffffffffffffffffffffffff000000010e00000001026400');
INSERT INTO pipeline.segment_1 VALUES (2, 2, 1, 1769858700000, 77, 77, '\x000000000000000000000041ffffffff028c169e600000000000010000019c13cc92e00000019c13cc92e00000000000000001000000000000000000020e000000010278000e00000201027900');

INSERT INTO pipeline.segments OVERRIDING SYSTEM VALUE VALUES (1, 1, 1769859000000);
INSERT INTO pipeline.segments OVERRIDING SYSTEM VALUE VALUES (2, 2, 1769859000000);

INSERT INTO pipeline.settled VALUES (1, 3, 1);

INSERT INTO pipeline.store VALUES (2);

INSERT INTO pipeline.topics OVERRIDING SYSTEM VALUE VALUES (1, 'orders', 2, 72000000000, NULL, false, 10000000, 1769859000000, 1);
INSERT INTO pipeline.topics OVERRIDING SYSTEM VALUE VALUES (2, 'clicks', 1, 6048000000000, NULL, false, 10000000, 1769859000000, 2);

SELECT pg_catalog.setval('pipeline.partitions_id_seq', 3, true);

SELECT pg_catalog.setval('pipeline.producer_ids_id_seq', 1, true);

SELECT pg_catalog.setval('pipeline.segments_id_seq', 2, true);

SELECT pg_catalog.setval('pipeline.topics_id_seq', 2, true);

ALTER TABLE ONLY pipeline.batches
    ADD CONSTRAINT batches_pkey PRIMARY KEY (partition_id, last_offset);

ALTER TABLE ONLY pipeline.checkpoints
    ADD CONSTRAINT checkpoints_pkey PRIMARY KEY (pipeline, stage, partition);

ALTER TABLE ONLY pipeline.partition_segments
    ADD CONSTRAINT partition_segments_pkey PRIMARY KEY (partition_id, first_offset);

ALTER TABLE ONLY pipeline.partitions
    ADD CONSTRAINT partitions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pipeline.partitions
    ADD CONSTRAINT partitions_topic_id_number_key UNIQUE (topic_id, number);

ALTER TABLE ONLY pipeline.pipelines
    ADD CONSTRAINT pipelines_pkey PRIMARY KEY (name);

ALTER TABLE ONLY pipeline.producer_ids
    ADD CONSTRAINT producer_ids_name_key UNIQUE (name);

ALTER TABLE ONLY pipeline.producer_ids
    ADD CONSTRAINT producer_ids_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pipeline.producers
    ADD CONSTRAINT producers_pkey PRIMARY KEY (producer_id, partition_id);

ALTER TABLE ONLY pipeline.segment_1
    ADD CONSTRAINT segment_1_pkey PRIMARY KEY (partition_id, last_offset);

ALTER TABLE ONLY pipeline.segment_2
    ADD CONSTRAINT segment_2_pkey PRIMARY KEY (partition_id, last_offset);

ALTER TABLE ONLY pipeline.segments
    ADD CONSTRAINT segments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pipeline.settled
    ADD CONSTRAINT settled_pkey PRIMARY KEY (partition_id, next_offset);

ALTER TABLE ONLY pipeline.topics
    ADD CONSTRAINT topics_name_key UNIQUE (name);

ALTER TABLE ONLY pipeline.topics
    ADD CONSTRAINT topics_pkey PRIMARY KEY (id);

CREATE INDEX checkpoints_source_id_idx ON pipeline.checkpoints USING btree (source_id);

CREATE INDEX partition_segments_segment_id_idx ON pipeline.partition_segments USING btree (segment_id);

