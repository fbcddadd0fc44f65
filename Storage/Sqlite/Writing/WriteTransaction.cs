namespace Orleans.Pipeline.Storage.Sqlite.Writing;

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
