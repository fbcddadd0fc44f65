-- The tables and queries that Microsoft.Orleans.Clustering.AdoNet and Microsoft.Orleans.Persistence.AdoNet need. They find the text of
-- each query in OrleansQuery by its key, pass parameters by name and read columns by name.

CREATE TABLE OrleansQuery (QueryKey text PRIMARY KEY, QueryText text NOT NULL);

-- The cluster's version. Every change of the members raises it, so that changes happen one after the other.
CREATE TABLE OrleansMembershipVersion (
    DeploymentId text PRIMARY KEY,
    Version      integer NOT NULL DEFAULT 0
);

-- Every silo that was ever started, until clean-up.
CREATE TABLE OrleansMember (
    DeploymentId text NOT NULL REFERENCES OrleansMembershipVersion,
    Address      text NOT NULL,
    Port         integer NOT NULL,
    Generation   integer NOT NULL,
    SiloName     text NOT NULL,
    HostName     text NOT NULL,
    Status       integer NOT NULL,
    ProxyPort    integer NOT NULL,
    SuspectTimes text,
    StartTime    timestamptz NOT NULL,
    IAmAliveTime timestamptz NOT NULL,
    PRIMARY KEY (DeploymentId, Address, Port, Generation)
);

-- The state of grains: the subscriptions to streams.
CREATE TABLE OrleansGrainState (
    ServiceId     text NOT NULL,
    GrainType     text NOT NULL,
    GrainN0       bigint NOT NULL,
    GrainN1       bigint NOT NULL,
    GrainKey      text NOT NULL,
    PayloadBinary bytea,
    Version       integer NOT NULL,
    PRIMARY KEY (ServiceId, GrainType, GrainN0, GrainN1, GrainKey)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', $$
    WITH inserted AS (INSERT INTO OrleansMembershipVersion (DeploymentId) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*) FROM inserted
$$),
-- A member is inserted or changed only if the cluster still has the version that the silo has read.
('InsertMembershipKey', $$
    WITH advanced AS (
        UPDATE OrleansMembershipVersion AS cluster SET Version = cluster.Version + 1
        WHERE DeploymentId = @DeploymentId AND Version = @Version AND NOT EXISTS (
            SELECT FROM OrleansMember
            WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation)
        RETURNING 1
    ), inserted AS (
        INSERT INTO OrleansMember (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
        SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM advanced
        RETURNING 1
    )
    SELECT count(*) FROM inserted
$$),
('UpdateMembershipKey', $$
    WITH advanced AS (
        UPDATE OrleansMembershipVersion AS cluster SET Version = cluster.Version + 1
        WHERE DeploymentId = @DeploymentId AND Version = @Version AND EXISTS (
            SELECT FROM OrleansMember
            WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation)
        RETURNING 1
    ), changed AS (
        UPDATE OrleansMember SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime FROM advanced
        WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation
        RETURNING 1
    )
    SELECT count(*) FROM changed
$$),
('UpdateIAmAlivetimeKey', $$
    UPDATE OrleansMember SET IAmAliveTime = @IAmAliveTime
    WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation
$$),
-- Returns the version even if there is no member.
('MembershipReadRowKey', $$
    SELECT DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, SuspectTimes, StartTime, IAmAliveTime, Version
    FROM OrleansMembershipVersion
    LEFT JOIN (SELECT * FROM OrleansMember WHERE Address = @Address AND Port = @Port AND Generation = @Generation) AS member USING (DeploymentId)
    WHERE DeploymentId = @DeploymentId
$$),
('MembershipReadAllKey', $$
    SELECT DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, SuspectTimes, StartTime, IAmAliveTime, Version
    FROM OrleansMembershipVersion LEFT JOIN OrleansMember USING (DeploymentId)
    WHERE DeploymentId = @DeploymentId
$$),
('GatewaysQueryKey', $$
    SELECT Address, ProxyPort, Generation FROM OrleansMember
    WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0
$$),
('CleanupDefunctSiloEntriesKey', $$
    DELETE FROM OrleansMember WHERE DeploymentId = @DeploymentId AND IAmAliveTime < @IAmAliveTime AND Status <> 3 -- active
$$),
('DeleteMembershipTableEntriesKey', $$
    DELETE FROM OrleansMember WHERE DeploymentId = @DeploymentId;
    DELETE FROM OrleansMembershipVersion WHERE DeploymentId = @DeploymentId
$$),
('ReadFromStorageKey', $$
    SELECT PayloadBinary, Version FROM OrleansGrainState
    WHERE ServiceId = @ServiceId AND GrainType = @GrainTypeString AND GrainN0 = @GrainIdN0 AND GrainN1 = @GrainIdN1
        AND GrainKey = coalesce(@GrainIdExtensionString, '')
$$),
-- A state that was never read has no version. No row means that another writer has changed the state since it was read.
('WriteToStorageKey', $$
    INSERT INTO OrleansGrainState AS state (ServiceId, GrainType, GrainN0, GrainN1, GrainKey, PayloadBinary, Version)
    SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @PayloadBinary, coalesce(@GrainStateVersion, 0) + 1
    ON CONFLICT (ServiceId, GrainType, GrainN0, GrainN1, GrainKey)
        DO UPDATE SET PayloadBinary = excluded.PayloadBinary, Version = excluded.Version WHERE state.Version = @GrainStateVersion
    RETURNING Version AS NewGrainStateVersion
$$),
('ClearStorageKey', $$
    UPDATE OrleansGrainState SET PayloadBinary = NULL, Version = Version + 1
    WHERE ServiceId = @ServiceId AND GrainType = @GrainTypeString AND GrainN0 = @GrainIdN0 AND GrainN1 = @GrainIdN1
        AND GrainKey = coalesce(@GrainIdExtensionString, '') AND Version = @GrainStateVersion
    RETURNING Version AS NewGrainStateVersion
$$),
('DeleteStorageKey', $$
    DELETE FROM OrleansGrainState
    WHERE ServiceId = @ServiceId AND GrainType = @GrainTypeString AND GrainN0 = @GrainIdN0 AND GrainN1 = @GrainIdN1
        AND GrainKey = coalesce(@GrainIdExtensionString, '') AND Version = @GrainStateVersion
    RETURNING Version + 1 AS NewGrainStateVersion
$$);
