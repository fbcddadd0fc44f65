-- How many records of a producer a partition took in, over all its epochs. Of those before this version only the newest epoch's
-- sequences tell.
ALTER TABLE {schema}.producers ADD COLUMN records bigint NOT NULL DEFAULT 0;
UPDATE {schema}.producers SET records = next_sequence;

-- Appends a batch, once however often it is sent if it has a producer. Status 0: appended; 1: a repeat; 2: no such partition;
-- 3: a batch before it is missing (detail: the sequence expected); 4: a repeat too old to be remembered; 5: a newer epoch has
-- taken over (detail: which). A producer that a partition does not know starts at sequence 0.
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
        base_offset := {schema}.store_batch(v_partition, p_count, p_maximum_timestamp, p_batch);
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
        -- A sequence is past if it lies behind the next one by less than half of all sequences.
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
    base_offset := {schema}.store_batch(v_partition, p_count, p_maximum_timestamp, p_batch);
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
