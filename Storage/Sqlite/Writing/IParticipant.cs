namespace Orleans.Pipeline.Storage.Sqlite.Writing;

/// <summary>State in memory that changes with a write transaction, and only if that commits.</summary>
internal interface IParticipant
{
    /// <summary>Writes what it still holds back, before the transaction commits.</summary>
    void Prepare()
    {
    }

    /// <summary>The transaction has committed: what was changed is now for all to see.</summary>
    void Publish();

    /// <summary>The transaction was rolled back: what was changed is forgotten.</summary>
    void Revert();
}
