-- The key of the advisory lock on a producer. An append holds the lock shared until it commits; opening the producer again holds it
-- exclusively. So when a new epoch is assigned, no append of the old epoch is still running.
CREATE OR REPLACE FUNCTION {schema}.producer_lock(p_producer bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT hashtextextended('{schema}.producers', p_producer)
$$;

-- Takes the locks of all producers of the appends that follow in this transaction. Producers are locked before any partition: a later lock
-- could cause a deadlock.
CREATE OR REPLACE FUNCTION {schema}.hold_producers(p_producers bigint[]) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock_shared({schema}.producer_lock(producer))
    FROM (SELECT DISTINCT producer FROM unnest(p_producers) AS producer ORDER BY 1) AS sorted
$$;

-- Stores a batch at the end of a partition whose row the caller has locked and read. Returns its base offset. The time of the append never
-- goes back, whatever the clocks of the silos. A batch that is dated more than a minute ahead of that time counts as a minute ahead.
CREATE OR REPLACE FUNCTION {schema}.store_batch(
    p_partition {schema}.partitions, p_count integer, p_maximum_timestamp bigint, p_now bigint, p_batch bytea)
    RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_segment integer;
    v_appended bigint := greatest(p_partition.appended_at, p_now);
    v_timestamp bigint := greatest(p_partition.maximum_timestamp, least(p_maximum_timestamp, v_appended + 60000));
    v_bytes integer := octet_length(p_batch);
BEGIN
    -- Reads after the lock on the partition, so that segments follow one another in the order of the offsets.
    SELECT active_segment INTO v_segment FROM {schema}.topics WHERE id = p_partition.topic_id;
    UPDATE {schema}.partitions
    SET end_offset = p_partition.end_offset + p_count, bytes_through = p_partition.bytes_through + v_bytes,
        maximum_timestamp = v_timestamp, appended_at = v_appended, segment_id = v_segment
    WHERE id = p_partition.id;
    IF p_partition.segment_id IS DISTINCT FROM v_segment THEN
        INSERT INTO {schema}.partition_segments
            (partition_id, first_offset, segment_id, bytes_before, timestamp_before, appended_before)
        VALUES (
            p_partition.id, p_partition.end_offset, v_segment, p_partition.bytes_through, p_partition.maximum_timestamp,
            p_partition.appended_at);
    END IF;

    EXECUTE format('INSERT INTO {schema}.segment_%s '
        '(partition_id, records, last_offset, maximum_timestamp, bytes_through, bytes, batch, appended_at) '
        'VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', v_segment)
    USING p_partition.id, p_count, p_partition.end_offset + p_count - 1, v_timestamp, p_partition.bytes_through + v_bytes, v_bytes, p_batch,
        v_appended;
    RETURN p_partition.end_offset;
END $$;

-- The same for an append of schema version 2 that was under way when the functions were replaced.
CREATE OR REPLACE FUNCTION {schema}.store_batch(
    p_partition {schema}.partitions, p_count integer, p_maximum_timestamp bigint, p_batch bytea) RETURNS bigint LANGUAGE sql AS $$
    SELECT {schema}.store_batch(
        p_partition, p_count, p_maximum_timestamp, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, p_batch)
$$;

-- Appends a batch. A batch of a producer is appended once, however often it is sent. Status 0: appended; 1: a repeat; 2: unknown
-- partition; 3: an earlier batch is missing (detail: the expected sequence); 4: a repeat too old to be remembered; 5: a newer epoch has
-- taken over (detail: the epoch). A producer that a partition does not know starts at sequence 0.
CREATE OR REPLACE FUNCTION {schema}.append(
    p_partition integer, p_producer bigint, p_epoch smallint, p_sequence integer, p_count integer, p_maximum_timestamp bigint,
    p_now bigint, p_batch bytea, OUT status integer, OUT base_offset bigint, OUT detail bigint) LANGUAGE plpgsql AS $$
DECLARE
    v_partition {schema}.partitions;
    v_producer {schema}.producers;
    v_kept integer := 0;
BEGIN
    SELECT * INTO v_partition FROM {schema}.partitions WHERE id = p_partition FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        status := 2;
        RETURN;
    END IF;

    IF p_producer < 0 THEN
        status := 0;
        base_offset := {schema}.store_batch(v_partition, p_count, p_maximum_timestamp, p_now, p_batch);
        RETURN;
    END IF;

    SELECT * INTO v_producer FROM {schema}.producers WHERE producer_id = p_producer AND partition_id = p_partition;
    detail := greatest(v_producer.epoch, (SELECT epoch FROM {schema}.producer_ids WHERE id = p_producer));
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
    base_offset := {schema}.store_batch(v_partition, p_count, p_maximum_timestamp, p_now, p_batch);
    IF v_producer.epoch = p_epoch THEN
        v_kept := cardinality(v_producer.sequences);
    ELSE
        v_producer.sequences := '{}';
        v_producer.counts := '{}';
        v_producer.offsets := '{}';
    END IF;

    INSERT INTO {schema}.producers (producer_id, partition_id, epoch, seen_at, next_sequence, sequences, counts, offsets, records)
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

-- Assigns a producer id: a new id, or the id of the name under its next epoch. The last possible epoch only fences; after it the name
-- gets a new id.
CREATE OR REPLACE FUNCTION {schema}.open_producer(p_name text, p_now bigint, OUT id bigint, OUT epoch smallint) LANGUAGE plpgsql AS $$
BEGIN
    LOOP
        INSERT INTO {schema}.producer_ids AS p (name, epoch, opened_at) VALUES (p_name, 0, p_now)
        ON CONFLICT (name) DO NOTHING RETURNING p.id, p.epoch INTO id, epoch;
        EXIT WHEN FOUND;
        SELECT p.id INTO id FROM {schema}.producer_ids AS p WHERE p.name = p_name;
        CONTINUE WHEN NOT FOUND;
        PERFORM pg_advisory_xact_lock({schema}.producer_lock(id));
        UPDATE {schema}.producer_ids AS p SET epoch = p.epoch + 1, opened_at = p_now WHERE p.name = p_name AND p.id = open_producer.id
        RETURNING p.epoch INTO epoch;
        CONTINUE WHEN NOT FOUND;
        EXIT WHEN epoch < 32767;
        UPDATE {schema}.producer_ids AS p SET name = NULL WHERE p.id = open_producer.id;
    END LOOP;
END $$;
