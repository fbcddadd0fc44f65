-- Returns the base offset of the first kept batch of which a rising column reaches a threshold, and the partition's end if there is none.
-- The column is "maximum_timestamp", "appended_at", or "bytes_through - bytes": the bytes before the batch. A batch of schema version 2 has
-- the time of the upgrade as a negative number in "appended_at": its newest timestamp then counts as the time of its append, but is never
-- later than the upgrade.
CREATE OR REPLACE FUNCTION {schema}.find_batch(p_partition {schema}.partitions, p_column text, p_threshold bigint)
    RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_segment {schema}.partition_segments;
    v_expression text := CASE WHEN p_column IN ('maximum_timestamp', 'appended_at')
        THEN format('CASE WHEN appended_at < 0 THEN least(maximum_timestamp, -appended_at) ELSE %s END', p_column) ELSE p_column END;
    v_low bigint;
    v_high bigint;
    v_middle bigint;
    v_last bigint;
    v_first bigint;
    v_value bigint;
BEGIN
    -- The batch is in the last segment before which the threshold is not reached, or it is the first batch after that segment.
    SELECT * INTO v_segment FROM {schema}.partition_segments
    WHERE partition_id = p_partition.id AND first_offset < p_partition.end_offset
        AND CASE p_column WHEN 'maximum_timestamp' THEN timestamp_before WHEN 'appended_at' THEN appended_before ELSE bytes_before END
            < p_threshold
    ORDER BY first_offset DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN p_partition.start_offset;
    END IF;

    SELECT coalesce(min(first_offset), p_partition.end_offset) INTO v_high FROM {schema}.partition_segments
    WHERE partition_id = p_partition.id AND first_offset > v_segment.first_offset AND first_offset < p_partition.end_offset;
    v_low := greatest(v_segment.first_offset, p_partition.start_offset);
    v_middle := v_low;
    WHILE v_low < v_high LOOP
        EXECUTE format('SELECT last_offset, last_offset - records + 1, %s FROM {schema}.segment_%s '
            'WHERE partition_id = $1 AND last_offset >= $2 ORDER BY last_offset LIMIT 1', v_expression, v_segment.segment_id)
        INTO STRICT v_last, v_first, v_value USING p_partition.id, v_middle;
        IF v_value >= p_threshold THEN
            v_high := v_first;
        ELSE
            v_low := v_last + 1;
        END IF;

        v_middle := v_low + (v_high - v_low) / 2;
    END LOOP;

    RETURN greatest(v_high, p_partition.start_offset);
END $$;

-- Reads one of the two times of a batch's header: its first timestamp at byte 28, its newest at byte 36.
CREATE OR REPLACE FUNCTION {schema}.header_time(p_batch bytea, p_byte integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT ('x' || encode(substring(p_batch FROM p_byte FOR 8), 'hex'))::bit(64)::bigint
$$;

-- Returns the base offset of the first batch from an offset on that itself has a record at or after a time, and the partition's end if
-- there is none. A batch that is dated ahead counts as "store_batch" counted it. A batch of schema version 2 that is dated after the
-- upgrade counts by its first record, or not at all.
CREATE OR REPLACE FUNCTION {schema}.find_dated(p_partition {schema}.partitions, p_offset bigint, p_timestamp bigint)
    RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_segment integer;
    v_found bigint;
BEGIN
    FOR v_segment IN
        SELECT segment_id FROM (
            SELECT segment_id, first_offset, lead(first_offset, 1, p_partition.end_offset) OVER (ORDER BY first_offset) AS next_offset
            FROM {schema}.partition_segments WHERE partition_id = p_partition.id AND first_offset < p_partition.end_offset) AS held
        WHERE next_offset > p_offset ORDER BY first_offset
    LOOP
        EXECUTE format('SELECT last_offset - records + 1 FROM {schema}.segment_%s '
            'WHERE partition_id = $1 AND last_offset >= $2 AND CASE '
            'WHEN appended_at >= 0 OR {schema}.header_time(batch, 36) <= -appended_at '
            'THEN least(maximum_timestamp, {schema}.header_time(batch, 36)) >= $3 '
            'ELSE {schema}.header_time(batch, 28) BETWEEN $3 AND -appended_at END '
            'ORDER BY last_offset LIMIT 1', v_segment)
        INTO v_found USING p_partition.id, p_offset, p_timestamp;
        IF v_found IS NOT NULL THEN
            RETURN v_found;
        END IF;
    END LOOP;

    RETURN p_partition.end_offset;
END $$;

-- Returns the base offset of the first kept batch with a record at or after a time; null if the partition does not exist.
CREATE OR REPLACE FUNCTION {schema}.offset_at(p_partition integer, p_timestamp bigint) RETURNS bigint LANGUAGE sql AS $$
    SELECT CASE WHEN p.maximum_timestamp < p_timestamp OR p.start_offset = p.end_offset THEN p.end_offset
        ELSE {schema}.find_dated(p, {schema}.find_batch(p, 'maximum_timestamp', p_timestamp), p_timestamp) END
    FROM {schema}.partitions p WHERE p.id = p_partition
$$;

-- Returns the partitions with batches that are too old or too many, and for each the base offset of the first batch to keep.
CREATE OR REPLACE FUNCTION {schema}.overdue(p_now bigint) RETURNS TABLE (partition_id integer, keep_from bigint) LANGUAGE sql AS $$
    SELECT id, keep_from FROM (
        SELECT p.id, p.start_offset, greatest(
            CASE WHEN p.bytes_through - p.bytes_before > t.retention_bytes
                THEN {schema}.find_batch(p, 'bytes_through - bytes', p.bytes_through - t.retention_bytes) END,
            CASE WHEN t.retention_ticks IS NOT NULL
                THEN {schema}.find_batch(p, 'appended_at', p_now - t.retention_ticks / 10000) END) AS keep_from
        FROM {schema}.partitions p JOIN {schema}.topics t ON t.id = p.topic_id
        WHERE p.start_offset < p.end_offset) AS found
    WHERE keep_from > start_offset
$$;

-- Removes the batches before an offset that every task on the partition has committed. If the topic discards unread records, removes and
-- counts those too. Returns the number of removed records. The batches stay in their segment until the segment is dropped.
CREATE OR REPLACE FUNCTION {schema}.trim(p_partition integer, p_keep_from bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_partition {schema}.partitions;
    v_committed bigint;
    v_start bigint;
    v_bytes bigint;
    v_segment integer;
BEGIN
    SELECT * INTO v_partition FROM {schema}.partitions WHERE id = p_partition FOR NO KEY UPDATE;
    SELECT min(next_offset) INTO v_committed FROM {schema}.checkpoints WHERE source_id = p_partition;
    SELECT CASE WHEN discard_unread THEN p_keep_from ELSE least(p_keep_from, v_committed) END INTO v_start
    FROM {schema}.topics WHERE id = v_partition.topic_id;
    v_start := least(v_start, v_partition.end_offset);
    IF v_start IS NULL OR v_start <= v_partition.start_offset THEN
        RETURN 0;
    END IF;

    v_bytes := v_partition.bytes_through;
    IF v_start < v_partition.end_offset THEN
        SELECT segment_id INTO v_segment FROM {schema}.partition_segments
        WHERE partition_id = p_partition AND first_offset <= v_start ORDER BY first_offset DESC LIMIT 1;
        EXECUTE format('SELECT last_offset - records + 1, bytes_through - bytes FROM {schema}.segment_%s '
            'WHERE partition_id = $1 AND last_offset >= $2 ORDER BY last_offset LIMIT 1', v_segment)
        INTO STRICT v_start, v_bytes USING p_partition, v_start;
    END IF;

    UPDATE {schema}.partitions SET start_offset = v_start, bytes_before = v_bytes,
        discarded = discarded + CASE WHEN v_committed IS NULL THEN 0 ELSE greatest(v_start - greatest(start_offset, v_committed), 0) END
    WHERE id = p_partition;
    DELETE FROM {schema}.settled WHERE partition_id = p_partition AND next_offset <= v_start;
    RETURN v_start - v_partition.start_offset;
END $$;

-- Adds a new active segment to a topic, if the present one has at least a number of bytes.
CREATE OR REPLACE FUNCTION {schema}.roll_full(p_topic integer, p_bytes bigint, p_now bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_segment integer;
BEGIN
    SELECT active_segment INTO v_segment FROM {schema}.topics WHERE id = p_topic FOR NO KEY UPDATE;
    IF FOUND AND pg_table_size(format('{schema}.segment_%s', v_segment)::regclass) >= p_bytes THEN
        PERFORM {schema}.add_segment(p_topic, p_now);
    END IF;
END $$;

-- Adds a new active segment to every topic with a retention age, if the present one is older than that age and not empty. So no batch
-- outlives twice that age, even if few batches come.
CREATE OR REPLACE FUNCTION {schema}.roll_old(p_now bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_topic integer;
BEGIN
    FOR v_topic IN
        SELECT t.id FROM {schema}.topics t JOIN {schema}.segments s ON s.id = t.active_segment
        WHERE s.created_at < p_now - t.retention_ticks / 10000
            AND EXISTS (SELECT FROM {schema}.partition_segments m WHERE m.segment_id = s.id)
        ORDER BY t.id FOR NO KEY UPDATE OF t
    LOOP
        PERFORM {schema}.add_segment(v_topic, p_now);
    END LOOP;
END $$;

-- Lists the segments that hold no kept batch and get no new one.
CREATE OR REPLACE FUNCTION {schema}.spent_segments() RETURNS SETOF integer LANGUAGE sql AS $$
    SELECT s.id FROM {schema}.segments s
    WHERE NOT EXISTS (SELECT FROM {schema}.topics t WHERE t.active_segment = s.id) AND NOT EXISTS (
        SELECT FROM {schema}.partition_segments m JOIN {schema}.partitions p ON p.id = m.partition_id
        WHERE m.segment_id = s.id AND p.start_offset < coalesce(
            (SELECT min(n.first_offset) FROM {schema}.partition_segments n
            WHERE n.partition_id = m.partition_id AND n.first_offset > m.first_offset),
            p.end_offset))
$$;

-- Drops a segment that holds no kept batch. An append that was running when the segment stopped being the active one may still write to
-- it. Taking the table's lock waits for that append, and the check after the lock sees its batch.
CREATE OR REPLACE FUNCTION {schema}.drop_segment(p_segment integer) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('lock_timeout', '2s', true);
    EXECUTE format('LOCK TABLE {schema}.segment_%s IN ACCESS EXCLUSIVE MODE', p_segment);
    IF NOT EXISTS (SELECT FROM {schema}.spent_segments() AS spent WHERE spent = p_segment) THEN
        RETURN false;
    END IF;

    EXECUTE format('DROP TABLE {schema}.segment_%s', p_segment);
    DELETE FROM {schema}.partition_segments WHERE segment_id = p_segment;
    DELETE FROM {schema}.segments WHERE id = p_segment;
    RETURN true;
END $$;
