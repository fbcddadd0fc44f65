-- Locks partitions by id, the order in which every transaction locks them.
CREATE OR REPLACE FUNCTION {schema}.lock_partitions(p_partitions integer[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM {schema}.partitions WHERE id = ANY (p_partitions) ORDER BY id FOR NO KEY UPDATE;
END $$;

-- Settles ranges of a locked partition. Raises PIP07 if a record in them is already settled (the message is the range, first:next), and
-- PIP08 if the partition does not hold all of them (the message is offset:start:end).
CREATE OR REPLACE FUNCTION {schema}.settle(p_partition integer, p_firsts bigint[], p_nexts bigint[]) RETURNS void LANGUAGE plpgsql AS $$
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
                CASE WHEN v_first < v_partition.start_offset THEN v_first ELSE v_next END,
                v_partition.start_offset, v_partition.end_offset);
        END IF;

        SELECT * INTO v_right FROM {schema}.settled
        WHERE partition_id = p_partition AND next_offset > v_first ORDER BY next_offset LIMIT 1;
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
