-- What Microsoft.Orleans.Streaming.AdoNet asks of a database: it reads the text of every query it makes from OrleansQuery, by its
-- key, gives parameters by name and reads columns by name. A message is handed out for a time, and deleted when that is confirmed.

CREATE TABLE OrleansQuery (QueryKey text PRIMARY KEY, QueryText text NOT NULL);

CREATE TABLE StreamMessage (
    ServiceId  text NOT NULL,
    ProviderId text NOT NULL,
    QueueId    text NOT NULL,
    MessageId  bigint GENERATED ALWAYS AS IDENTITY,
    Dequeued   integer NOT NULL DEFAULT 0,
    VisibleOn  timestamptz NOT NULL,
    ExpiresOn  timestamptz NOT NULL,
    CreatedOn  timestamptz NOT NULL,
    ModifiedOn timestamptz NOT NULL,
    Payload    bytea NOT NULL,
    PRIMARY KEY (ServiceId, ProviderId, QueueId, MessageId)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('QueueStreamMessageKey', $$
    INSERT INTO StreamMessage (ServiceId, ProviderId, QueueId, VisibleOn, ExpiresOn, CreatedOn, ModifiedOn, Payload)
    VALUES (@ServiceId, @ProviderId, @QueueId, now(), now() + @ExpiryTimeout * interval '1 second', now(), now(), @Payload)
    RETURNING ServiceId, ProviderId, QueueId, MessageId
$$),
-- A consumer that does not confirm a message in time loses it to the next consumer that asks.
('GetStreamMessagesKey', $$
    WITH next AS (
        SELECT MessageId FROM StreamMessage
        WHERE ServiceId = @ServiceId AND ProviderId = @ProviderId AND QueueId = @QueueId
            AND VisibleOn <= now() AND ExpiresOn > now() AND Dequeued < @MaxAttempts
        ORDER BY ServiceId, ProviderId, QueueId, MessageId LIMIT @MaxCount FOR UPDATE
    ), taken AS (
        UPDATE StreamMessage AS message
        SET Dequeued = Dequeued + 1, VisibleOn = now() + @VisibilityTimeout * interval '1 second', ModifiedOn = now()
        FROM next
        WHERE ServiceId = @ServiceId AND ProviderId = @ProviderId AND QueueId = @QueueId AND message.MessageId = next.MessageId
        RETURNING message.*
    )
    SELECT * FROM taken ORDER BY MessageId
$$),
-- The items are "message:times handed out", separated by "|".
('ConfirmStreamMessagesKey', $$
    DELETE FROM StreamMessage AS message
    USING (SELECT split_part(item, ':', 1)::bigint AS id, split_part(item, ':', 2)::integer AS times FROM unnest(string_to_array(@Items, '|')) AS item) AS done
    WHERE ServiceId = @ServiceId AND ProviderId = @ProviderId AND QueueId = @QueueId AND MessageId = done.id AND Dequeued = done.times
    RETURNING ServiceId, ProviderId, QueueId, MessageId
$$),
('FailStreamMessageKey', $$
    UPDATE StreamMessage SET VisibleOn = now(), ModifiedOn = now()
    WHERE ServiceId = @ServiceId AND ProviderId = @ProviderId AND QueueId = @QueueId AND MessageId = @MessageId AND Dequeued < @MaxAttempts
$$),
('EvictStreamMessagesKey', $$
    DELETE FROM StreamMessage
    WHERE ServiceId = @ServiceId AND ProviderId = @ProviderId AND QueueId = @QueueId AND (ExpiresOn <= now() OR Dequeued >= @MaxAttempts)
$$),
-- There is no table of dead letters here.
('EvictStreamDeadLettersKey', $$ SELECT @ServiceId, @ProviderId, @QueueId, @MaxCount $$);
