namespace Orleans.Pipeline.Storage.Sqlite.Writing;

/// <summary>The running transaction of the writer thread, and the state in memory that changes with it.</summary>
internal sealed class WriteTransaction
{
    private readonly List<IParticipant> _participants = [];

    /// <summary>Gets the bytes of the batches in the transaction's requests.</summary>
    public long BatchBytes { get; private set; }

    /// <summary>
    /// Gets or sets whether the COMMIT failed so late that a restart after a crash may find it done. A repeated request then is a repeat.
    /// </summary>
    public bool IsInDoubt { get; set; }

    public void Begin(long batchBytes) => (BatchBytes, IsInDoubt) = (batchBytes, false);

    /// <summary>Adds a participant, which the caller does once per transaction.</summary>
    public void Enlist(IParticipant participant) => _participants.Add(participant);

    public void Prepare()
    {
        for (var index = 0; index < _participants.Count; index++)
        {
            _participants[index].Prepare();
        }
    }

    public void Publish()
    {
        foreach (var participant in _participants)
        {
            participant.Publish();
        }

        _participants.Clear();
    }

    public void Revert()
    {
        foreach (var participant in _participants)
        {
            participant.Revert();
        }

        _participants.Clear();
    }
}

/// <summary>State in memory that changes only if a write transaction commits.</summary>
internal interface IParticipant
{
    /// <summary>Writes pending changes before the commit.</summary>
    void Prepare()
    {
    }

    /// <summary>Makes the changes visible after the commit.</summary>
    void Publish();

    /// <summary>Discards the changes after a rollback.</summary>
    void Revert();
}
