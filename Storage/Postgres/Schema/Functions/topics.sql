-- Creates a segment and makes it the topic's active one.
CREATE OR REPLACE FUNCTION {schema}.add_segment(p_topic integer, p_now bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_segment integer;
BEGIN
    INSERT INTO {schema}.segments (topic_id, created_at) VALUES (p_topic, p_now) RETURNING id INTO v_segment;
    EXECUTE format('CREATE TABLE {schema}.segment_%s (LIKE {schema}.batches INCLUDING STORAGE INCLUDING INDEXES) '
        'WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false)', v_segment);
    UPDATE {schema}.topics SET active_segment = v_segment WHERE id = p_topic;
END $$;

-- Creates a topic, unless its name exists.
CREATE OR REPLACE FUNCTION {schema}.create_topic(
    p_name text, p_partitions integer, p_retention_ticks bigint, p_retention_bytes bigint, p_discard_unread boolean,
    p_lag_limit bigint, p_now bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_topic integer;
BEGIN
    INSERT INTO {schema}.topics (name, partitions, retention_ticks, retention_bytes, discard_unread, lag_limit, created_at)
    VALUES (p_name, p_partitions, p_retention_ticks, p_retention_bytes, p_discard_unread, p_lag_limit, p_now)
    ON CONFLICT (name) DO NOTHING RETURNING id INTO v_topic;
    IF FOUND THEN
        INSERT INTO {schema}.partitions (topic_id, number) SELECT v_topic, number FROM generate_series(0, p_partitions - 1) AS number;
        PERFORM {schema}.add_segment(v_topic, p_now);
    END IF;
END $$;

-- Deletes a topic and returns the ids of its partitions. Its segments stay behind without a topic, to be dropped one by one. The partitions
-- are locked first: a task that is being taken over is then either seen, or finds its partition deleted.
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
