using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite.Topics;

internal sealed class ProducerIdentities : IParticipant
{
    /// <summary>The last epoch that is assigned. The epoch above it only fences.</summary>
    private const short LastEpoch = short.MaxValue - 1;

    private readonly BoundedCache<long, short> _epochs;
    private readonly Statement _selectByName;
    private readonly Statement _selectById;
    private readonly Statement _insert;
    private readonly Statement _raise;
    private readonly Statement _retire;
    private readonly Statement _forgetUnseen;

    public ProducerIdentities(Connection connection, int capacity)
    {
        _epochs = new(capacity);
        _selectByName = connection.Prepare("SELECT id, epoch FROM pipeline_producer_ids WHERE name = ?1");
        _selectById = connection.Prepare("SELECT epoch FROM pipeline_producer_ids WHERE id = ?1");
        _insert = connection.Prepare("INSERT INTO pipeline_producer_ids (name, epoch, opened_at) VALUES (?1, 0, ?2) RETURNING id");
        _raise = connection.Prepare("UPDATE pipeline_producer_ids SET epoch = ?2, opened_at = ?3 WHERE id = ?1");
        _retire = connection.Prepare("UPDATE pipeline_producer_ids SET name = NULL WHERE id = ?1");
        _forgetUnseen = connection.Prepare(
            """
            DELETE FROM pipeline_producer_ids
            WHERE name IS NULL AND opened_at < ?1
                AND NOT EXISTS (SELECT 1 FROM pipeline_producers WHERE producer = pipeline_producer_ids.id)
            """);
    }

    /// <summary>
    /// Returns the SQL condition that the producer of a row of <c>pipeline_producers</c> has no name and was not opened since a time. A
    /// named producer holds its epoch, however long it is quiet, until the name is opened again.
    /// </summary>
    /// <param name="since">The parameter that holds the time.</param>
    public static string IsForgettable(string since) =>
        $"""
        NOT EXISTS (
            SELECT 1 FROM pipeline_producer_ids WHERE id = pipeline_producers.producer AND (name IS NOT NULL OR opened_at >= {since}))
        """;

    /// <summary>Assigns an identity: a new id, or the id of the name under its next epoch.</summary>
    public ProducerIdentity Open(WriteTransaction transaction, string? name, DateTimeOffset now)
    {
        transaction.Enlist(this);
        var openedAt = now.ToUnixTimeMilliseconds();
        if (name is null || !_selectByName.Bind(1, name).Step())
        {
            return Create(name, openedAt);
        }

        var (id, epoch) = (_selectByName.Integer(0), (short)(_selectByName.Integer(1) + 1));
        _selectByName.Reset();
        _raise.Bind(1, id).Bind(2, epoch).Bind(3, openedAt).Run();
        _epochs.Set(id, epoch);
        if (epoch <= LastEpoch)
        {
            return new(id, epoch);
        }

        _retire.Bind(1, id).Run();
        return Create(name, openedAt);
    }

    /// <summary>Gets the newest epoch of an id; -1 if this store did not assign the id.</summary>
    public short NewestEpoch(long id)
    {
        if (!_epochs.TryGet(id, out var epoch))
        {
            epoch = _selectById.Bind(1, id).Step() ? (short)_selectById.Integer(0) : (short)-1;
            _selectById.Reset();
            _epochs.Set(id, epoch);
        }

        return epoch;
    }

    /// <summary>
    /// Forgets ids without a name that were opened before a time, in milliseconds since 1970-01-01T00:00:00Z, and of which no partition
    /// remembers a batch. An id is never assigned twice.
    /// </summary>
    public void ForgetUnseen(long since)
    {
        _forgetUnseen.Bind(1, since).Run();
        _epochs.Clear();
    }

    public void Publish()
    {
    }

    public void Revert() => _epochs.Clear();

    private ProducerIdentity Create(string? name, long openedAt)
    {
        _insert.Bind(1, name).Bind(2, openedAt).Step();
        var id = _insert.Integer(0);
        _insert.Reset();
        _epochs.Set(id, 0);
        return new(id, 0);
    }
}
