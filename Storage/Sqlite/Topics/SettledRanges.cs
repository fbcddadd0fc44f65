using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite.Topics;

/// <summary>Keeps the settled records as ranges that neither overlap nor touch, on the writer thread.</summary>
internal sealed class SettledRanges(Connection connection, TopicDirectory topics, BatchLog log)
{
    private readonly Statement _find = connection.Prepare(
        "SELECT first_offset, next_offset FROM pipeline_settled WHERE partition = ?1 AND next_offset >= ?2 ORDER BY next_offset LIMIT 1");

    private readonly Statement _insert = connection.Prepare(
        "INSERT INTO pipeline_settled (partition, next_offset, first_offset) VALUES (?1, ?2, ?3)");

    private readonly Statement _delete = connection.Prepare("DELETE FROM pipeline_settled WHERE partition = ?1 AND next_offset = ?2");
    private readonly Statement _forget = connection.Prepare("DELETE FROM pipeline_settled WHERE partition = ?1 AND next_offset <= ?2");

    /// <summary>Settles records and appends batches. Everything is checked before anything is written.</summary>
    /// <returns>The number of appended batches.</returns>
    public int Settle(
        WriteTransaction transaction, TopicPartition partition, IReadOnlyList<OffsetRange> ranges, IReadOnlyList<TopicAppend> appends)
    {
        var state = topics.GetPending(partition);
        var contents = state.Contents.Pending;
        foreach (var range in ranges)
        {
            if (range.First < contents.Start || range.Next > contents.End)
            {
                throw new OffsetOutOfRangeException(
                    partition, range.First < contents.Start ? range.First : range.Next, contents.Start, contents.End);
            }

            if (Find(state.Number, range.First + 1) is { } settled && settled.First < range.Next)
            {
                throw new RecordsSettledException(partition, range);
            }
        }

        var targets = log.FindTargets(appends);
        foreach (var range in ranges)
        {
            Add(state.Number, range);
        }

        log.Append(transaction, targets, appends);
        return targets.Length;
    }

    public void ForgetBelow(int partition, long offset) => _forget.Bind(1, partition).Bind(2, offset).Run();

    private void Add(int partition, OffsetRange range)
    {
        if (Find(partition, range.First) is { } left && left.Next == range.First)
        {
            range = range with { First = left.First };
            Delete(partition, left);
        }

        if (Find(partition, range.Next + 1) is { } right && right.First == range.Next)
        {
            range = range with { Next = right.Next };
            Delete(partition, right);
        }

        _insert.Bind(1, partition).Bind(2, range.Next).Bind(3, range.First).Run();
    }

    private void Delete(int partition, OffsetRange range) => _delete.Bind(1, partition).Bind(2, range.Next).Run();

    /// <summary>Finds the first range that ends at or above an offset.</summary>
    private OffsetRange? Find(int partition, long next)
    {
        OffsetRange? found = _find.Bind(1, partition).Bind(2, next).Step() ? new(_find.Integer(0), _find.Integer(1)) : null;
        _find.Reset();
        return found;
    }
}
