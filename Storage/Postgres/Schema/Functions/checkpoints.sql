-- Errors that the store's functions raise: PIP01 the commit is refused (the message says why), PIP02 the commit was made before,
-- PIP03 unknown topic or partition, PIP04 the task's checkpoint is on another partition (the message names it), PIP05 a pipeline reads
-- the topic (the message names the pipeline), PIP06 unknown task, PIP07 and PIP08 as "settle" describes.
--
-- All transactions take locks in one order: producers, checkpoint, rows of sink tables, partitions.

-- Advances a checkpoint, under the newest epoch only. What the same transaction does after it are the commit's effects.
CREATE OR REPLACE FUNCTION {schema}.commit_task(
    p_pipeline text, p_stage text, p_partition integer, p_epoch bigint, p_first bigint, p_next bigint, p_dead_letters integer,
    p_now bigint)
    RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_found {schema}.checkpoints;
BEGIN
    UPDATE {schema}.checkpoints SET next_offset = p_next, dead_letters = dead_letters + p_dead_letters, committed_at = p_now
    WHERE pipeline = p_pipeline AND stage = p_stage AND partition = p_partition AND epoch = p_epoch AND next_offset = p_first;
    IF FOUND THEN
        RETURN;
    END IF;

    SELECT * INTO v_found FROM {schema}.checkpoints WHERE pipeline = p_pipeline AND stage = p_stage AND partition = p_partition;
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

-- Appends an output batch of a commit or of a settlement.
CREATE OR REPLACE FUNCTION {schema}.append_output(
    p_partition integer, p_count integer, p_maximum_timestamp bigint, p_now bigint, p_batch bytea) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_partition {schema}.partitions;
BEGIN
    SELECT * INTO v_partition FROM {schema}.partitions WHERE id = p_partition FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP03', MESSAGE = 'no such partition';
    END IF;

    RETURN {schema}.store_batch(v_partition, p_count, p_maximum_timestamp, p_now, p_batch);
END $$;

-- The same for silos of schema version 2.
CREATE OR REPLACE FUNCTION {schema}.append_output(p_partition integer, p_count integer, p_maximum_timestamp bigint, p_batch bytea)
    RETURNS bigint LANGUAGE sql AS $$
    SELECT {schema}.append_output(
        p_partition, p_count, p_maximum_timestamp, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, p_batch)
$$;

-- Sets a locked checkpoint under the next epoch, to an offset within its partition. The lock on the partition lets retention see the
-- checkpoint before it removes more.
CREATE OR REPLACE FUNCTION {schema}.move_task(p_task {schema}.checkpoints, p_offset bigint)
    RETURNS {schema}.checkpoints LANGUAGE plpgsql AS $$
DECLARE
    v_source {schema}.partitions;
BEGIN
    SELECT * INTO v_source FROM {schema}.partitions WHERE id = p_task.source_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP03', MESSAGE = 'no such partition';
    END IF;

    UPDATE {schema}.checkpoints
    SET epoch = epoch + 1, next_offset = least(greatest(p_offset, v_source.start_offset), v_source.end_offset)
    WHERE pipeline = p_task.pipeline AND stage = p_task.stage AND partition = p_task.partition
    RETURNING * INTO p_task;
    RETURN p_task;
END $$;

-- Takes a task over: raises the epoch of its checkpoint. A new checkpoint has epoch 0 only within this transaction. A task
-- that was let go of starts from the beginning.
CREATE OR REPLACE FUNCTION {schema}.take_over(
    p_pipeline text, p_stage text, p_partition integer, p_source integer, p_start bigint, p_now bigint)
    RETURNS {schema}.checkpoints LANGUAGE plpgsql AS $$
DECLARE
    v_task {schema}.checkpoints;
BEGIN
    INSERT INTO {schema}.checkpoints (pipeline, stage, partition, source_id, epoch, next_offset, dead_letters, committed_at)
    VALUES (p_pipeline, p_stage, p_partition, p_source, 0, p_start, 0, p_now) ON CONFLICT DO NOTHING;
    SELECT * INTO v_task FROM {schema}.checkpoints
    WHERE pipeline = p_pipeline AND stage = p_stage AND partition = p_partition FOR NO KEY UPDATE;
    IF v_task.source_id = -1 THEN
        UPDATE {schema}.checkpoints SET source_id = p_source, next_offset = p_start, dead_letters = 0, committed_at = p_now
        WHERE pipeline = p_pipeline AND stage = p_stage AND partition = p_partition RETURNING * INTO v_task;
    END IF;

    UPDATE {schema}.checkpoints SET defined_at = p_now
    WHERE pipeline = p_pipeline AND stage = p_stage AND partition = p_partition;
    IF v_task.source_id <> p_source THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP04', MESSAGE = coalesce((
            SELECT t.name || '/' || p.number FROM {schema}.partitions p JOIN {schema}.topics t ON t.id = p.topic_id
            WHERE p.id = v_task.source_id), '/');
    END IF;

    RETURN {schema}.move_task(v_task, v_task.next_offset);
END $$;

-- Moves a task to another offset under its next epoch.
CREATE OR REPLACE FUNCTION {schema}.seek_task(p_pipeline text, p_stage text, p_partition integer, p_offset bigint)
    RETURNS {schema}.checkpoints LANGUAGE plpgsql AS $$
DECLARE
    v_task {schema}.checkpoints;
BEGIN
    SELECT * INTO v_task FROM {schema}.checkpoints
    WHERE pipeline = p_pipeline AND stage = p_stage AND partition = p_partition FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PIP06', MESSAGE = 'no such task';
    END IF;

    RETURN {schema}.move_task(v_task, p_offset);
END $$;

-- Notes that a host defines stages now. A checkpoint that a commit holds is passed over: a task that commits is defined.
CREATE OR REPLACE FUNCTION {schema}.note_defined(p_pipelines text[], p_stages text[], p_topics text[], p_now bigint)
    RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE {schema}.checkpoints c SET defined_at = p_now
    FROM (
        SELECT held.pipeline, held.stage, held.partition FROM {schema}.checkpoints held
        JOIN {schema}.partitions p ON p.id = held.source_id JOIN {schema}.topics t ON t.id = p.topic_id
        JOIN unnest(p_pipelines, p_stages, p_topics) AS defined (pipeline, stage, topic)
            ON defined.pipeline = held.pipeline AND defined.stage = held.stage AND defined.topic = t.name
        ORDER BY held.pipeline, held.stage, held.partition FOR NO KEY UPDATE OF held SKIP LOCKED
    ) AS due
    WHERE c.pipeline = due.pipeline AND c.stage = due.stage AND c.partition = due.partition;
END $$;

-- Lets go of the checkpoints of a stage on a topic, unless one of them was committed or defined since a time; gives how many.
CREATE OR REPLACE FUNCTION {schema}.forget_stage(p_pipeline text, p_stage text, p_topic text, p_since bigint)
    RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    v_held integer[];
    v_forgotten integer;
BEGIN
    SELECT array_agg(p.id) INTO v_held FROM {schema}.partitions p JOIN {schema}.topics t ON t.id = p.topic_id WHERE t.name = p_topic;
    PERFORM FROM {schema}.checkpoints
    WHERE pipeline = p_pipeline AND stage = p_stage AND source_id = ANY (v_held) ORDER BY partition FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM {schema}.checkpoints
        WHERE pipeline = p_pipeline AND stage = p_stage AND source_id = ANY (v_held) AND greatest(defined_at, committed_at) >= p_since)
    THEN
        RETURN 0;
    END IF;

    UPDATE {schema}.checkpoints SET source_id = -1, epoch = epoch + 1, next_offset = 0, dead_letters = 0
    WHERE pipeline = p_pipeline AND stage = p_stage AND source_id = ANY (v_held);
    GET DIAGNOSTICS v_forgotten = ROW_COUNT;
    RETURN v_forgotten;
END $$;

-- Adds integers. A sum outside 64 bits becomes the nearest value of 64 bits.
CREATE OR REPLACE FUNCTION {schema}.sum(a bigint, b bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN b > 0 AND a > 9223372036854775807 - b THEN 9223372036854775807
        WHEN b < 0 AND a < -9223372036854775808 - b THEN -9223372036854775808
        ELSE a + b END
$$;

-- Adds numbers. A sum beyond the largest number is infinite, as in IEEE 754; PostgreSQL's own + fails instead.
CREATE OR REPLACE FUNCTION {schema}.sum(a double precision, b double precision) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN a > 0 AND b > 1.7976931348623157e308 - a THEN 'Infinity'
        WHEN a < 0 AND b < -1.7976931348623157e308 - a THEN '-Infinity'
        ELSE a + b END
$$;
