-- Records the first committer of each task under each of its epochs, by the name of the connection, and notifies.
CREATE SCHEMA bench;
CREATE TABLE bench.owners (partition integer, epoch bigint, owner text, PRIMARY KEY (partition, epoch));

CREATE FUNCTION bench.note_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO bench.owners VALUES (NEW.partition, NEW.epoch, current_setting('application_name')) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM pg_notify('owners', NEW.partition || ' ' || current_setting('application_name'));
    END IF;

    RETURN NULL;
END $$;

CREATE TRIGGER note_owner AFTER UPDATE OF next_offset ON pipeline.checkpoints
    FOR EACH ROW WHEN (NEW.epoch = OLD.epoch AND NEW.next_offset > OLD.next_offset) EXECUTE FUNCTION bench.note_owner();
