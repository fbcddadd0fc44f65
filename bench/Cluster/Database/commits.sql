-- Writes down every commit of every task: when it was made, and which offsets it holds.
CREATE TABLE bench.commits (at timestamptz, partition integer, first bigint, next bigint);

CREATE FUNCTION bench.note_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO bench.commits VALUES (clock_timestamp(), NEW.partition, OLD.next_offset, NEW.next_offset);
    RETURN NULL;
END $$;

CREATE TRIGGER note_commit AFTER UPDATE OF next_offset ON pipeline.checkpoints
    FOR EACH ROW WHEN (NEW.epoch = OLD.epoch AND NEW.next_offset > OLD.next_offset) EXECUTE FUNCTION bench.note_commit();
