-- Which records are settled, as ranges that neither overlap nor touch. The partition's lock guards them.
CREATE TABLE {schema}.settled (
    partition_id integer NOT NULL,
    next_offset bigint NOT NULL,
    first_offset bigint NOT NULL,
    PRIMARY KEY (partition_id, next_offset));

-- Locks partitions in the one order in which all do.
CREATE FUNCTION {schema}.lock_partitions(p_partitions integer[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM {schema}.partitions WHERE id = ANY (p_partitions) ORDER BY id FOR NO KEY UPDATE;
END $$;

-- Settles ranges of a locked partition. Raises PIP07 if a record of them is settled already (the message is that range, first:next),
-- PIP08 if the partition does not hold them all (offset:start:end); the other errors are those of Version1/4-checkpoints.sql.
CREATE FUNCTION {schema}.settle(p_partition integer, p_firsts bigint[], p_nexts bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_partition {schema}.partitions;
    v_right {schema}.settled;
    v_first bigint;
    v_next bigint;
    v_left bigint;
BEGIN
    SELECT * INTO v_partition FROM {schema}.partitions WHERE id = p_partition;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP03', MESSAGE = 'no such partition';
    END IF;

    FOR v_range IN 1..cardinality(p_firsts) LOOP
        v_first := p_firsts[v_range];
        v_next := p_nexts[v_range];
        IF v_first < v_partition.start_offset OR v_next > v_partition.end_offset THEN
            RAISE EXCEPTION USING ERRCODE = 'PIP08', MESSAGE = format('%s:%s:%s',
                CASE WHEN v_first < v_partition.start_offset THEN v_first ELSE v_next END, v_partition.start_offset, v_partition.end_offset);
        END IF;

        SELECT * INTO v_right FROM {schema}.settled WHERE partition_id = p_partition AND next_offset > v_first ORDER BY next_offset LIMIT 1;
        IF v_right.first_offset < v_next THEN
            RAISE EXCEPTION USING ERRCODE = 'PIP07', MESSAGE = format('%s:%s', v_first, v_next);
        ELSIF v_right.first_offset = v_next THEN
            DELETE FROM {schema}.settled WHERE partition_id = p_partition AND next_offset = v_right.next_offset;
            v_next := v_right.next_offset;
        END IF;

        DELETE FROM {schema}.settled WHERE partition_id = p_partition AND next_offset = v_first RETURNING first_offset INTO v_left;
        INSERT INTO {schema}.settled (partition_id, next_offset, first_offset) VALUES (p_partition, v_next, coalesce(v_left, v_first));
    END LOOP;
END $$;

-- Takes a topic away and gives the ids of its partitions; its segments are left behind without a topic, to be dropped one by one.
-- The partitions are locked first, so that a task that is just taking one over is seen, or finds it gone.
CREATE OR REPLACE FUNCTION {schema}.delete_topic(p_name text) RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    v_topic integer;
    v_partitions integer[];
    v_reader text;
BEGIN
    SELECT id INTO v_topic FROM {schema}.topics WHERE name = p_name FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP03', MESSAGE = 'no such topic';
    END IF;

    PERFORM FROM {schema}.partitions WHERE topic_id = v_topic ORDER BY id FOR UPDATE;
    SELECT array_agg(id) INTO v_partitions FROM {schema}.partitions WHERE topic_id = v_topic;
    SELECT pipeline INTO v_reader FROM {schema}.checkpoints WHERE source_id = ANY (v_partitions) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP05', MESSAGE = v_reader;
    END IF;

    DELETE FROM {schema}.producers WHERE partition_id = ANY (v_partitions);
    DELETE FROM {schema}.settled WHERE partition_id = ANY (v_partitions);
    DELETE FROM {schema}.partition_segments WHERE partition_id = ANY (v_partitions);
    DELETE FROM {schema}.partitions WHERE topic_id = v_topic;
    UPDATE {schema}.segments SET topic_id = NULL WHERE topic_id = v_topic;
    DELETE FROM {schema}.topics WHERE id = v_topic;
    RETURN v_partitions;
END $$;

-- Removes the batches before an offset that every task on the partition has committed (or any, where the topic discards unread
-- records, counting those); gives how many records were removed. The batches stay in their segment until that is dropped.
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
