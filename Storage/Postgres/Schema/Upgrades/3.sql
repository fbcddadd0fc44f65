-- Locks all that changes at once, what version 4 changes included, or waits without any lock: the transactions of running silos lock
-- these tables in more than one order.
DO $$
DECLARE
    v_now bigint;
    v_segment integer;
    v_timeout text := current_setting('lock_timeout');
BEGIN
    LOOP
        BEGIN
            PERFORM set_config('lock_timeout', '200ms', true);
            LOCK TABLE {schema}.checkpoints, {schema}.partitions, {schema}.topics, {schema}.partition_segments, {schema}.segments
                IN ACCESS EXCLUSIVE MODE;
            FOR v_segment IN SELECT id FROM {schema}.segments ORDER BY id LOOP
                EXECUTE format('LOCK TABLE {schema}.segment_%s IN ACCESS EXCLUSIVE MODE', v_segment);
            END LOOP;

            EXIT;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            PERFORM pg_sleep(0.05);
        END;
    END LOOP;

    PERFORM set_config('lock_timeout', v_timeout, true);
    v_now := (extract(epoch FROM clock_timestamp()) * 1000)::bigint;

    -- The time of the append was not kept before this version. Batches get the time of the upgrade as a negative number: see "find_batch".
    ALTER TABLE {schema}.batches ADD COLUMN appended_at bigint NOT NULL;
    FOR v_segment IN SELECT id FROM {schema}.segments LOOP
        EXECUTE format('ALTER TABLE {schema}.segment_%s ADD COLUMN appended_at bigint NOT NULL DEFAULT %s', v_segment, -v_now);
        EXECUTE format('ALTER TABLE {schema}.segment_%s ALTER COLUMN appended_at DROP DEFAULT', v_segment);
    END LOOP;

    ALTER TABLE {schema}.partitions ADD COLUMN appended_at bigint NOT NULL DEFAULT -9223372036854775808;
    UPDATE {schema}.partitions SET maximum_timestamp = least(maximum_timestamp, v_now), appended_at = least(maximum_timestamp, v_now);
    ALTER TABLE {schema}.partition_segments ADD COLUMN appended_before bigint;
    UPDATE {schema}.partition_segments
    SET timestamp_before = least(timestamp_before, v_now), appended_before = least(timestamp_before, v_now);
    ALTER TABLE {schema}.partition_segments ALTER COLUMN appended_before SET NOT NULL;
    ALTER TABLE {schema}.topics ADD COLUMN uuid uuid NOT NULL DEFAULT gen_random_uuid();
END $$;
