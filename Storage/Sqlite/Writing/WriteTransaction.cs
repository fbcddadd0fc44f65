namespace Orleans.Pipeline.Storage.Sqlite;

/// <summary>The transaction that the writer thread is filling, and the state in memory that hangs on it.</summary>
internal sealed class WriteTransaction
{
    private readonly List<IParticipant> _participants = [];

    /// <summary>Lets state take part; each takes part once.</summary>
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
