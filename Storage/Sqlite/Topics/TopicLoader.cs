using System.Collections.Immutable;
using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Segments;

namespace Orleans.Pipeline.Storage.Sqlite.Topics;

/// <summary>Loads the topics when the store opens. The first and last batch of a partition show its contents.</summary>
internal static class TopicLoader
{
    public static ImmutableDictionary<TopicName, TopicState> Load(Connection connection)
    {
        using var partitions = new PartitionLoader(connection);
        using var statement = connection.PrepareOnce(
            """
            SELECT id, name, partitions, first_partition, retention_ticks, retention_bytes, discard_unread, lag_limit, created_at, uuid
            FROM pipeline_topics
            """);
        var topics = ImmutableDictionary.CreateBuilder<TopicName, TopicState>();
        while (statement.Step())
        {
            var topic = new TopicName(statement.Text(1));
            var settings = new TopicSettings
            {
                Partitions = (int)statement.Integer(2),
                RetentionAge = statement.IntegerOrNull(4) is { } ticks ? TimeSpan.FromTicks(ticks) : null,
                RetentionBytes = statement.IntegerOrNull(5),
                DiscardUnread = statement.Integer(6) != 0,
                LagLimit = statement.Integer(7),
            };
            var description = new TopicDescription(topic, settings, DateTimeOffset.FromUnixTimeMilliseconds(statement.Integer(8)))
            {
                Id = Guid.Parse(statement.Text(9)),
            };
            var first = (int)statement.Integer(3);
            var states = Enumerable.Range(0, settings.Partitions).Select(index => partitions.Load(new(topic, index), first + index));
            topics.Add(topic, new(statement.Integer(0), description, [.. states]));
        }

        return topics.ToImmutable();
    }

    private sealed class PartitionLoader(Connection connection) : IDisposable
    {
        private readonly Statement _partition = connection.PrepareOnce(
            "SELECT start_offset, discarded FROM pipeline_partitions WHERE number = ?1");

        private readonly Statement _first = connection.PrepareOnce(
            "SELECT bytes_before FROM pipeline_batches WHERE position BETWEEN ?1 AND ?2 ORDER BY position LIMIT 1");

        private readonly Statement _last = connection.PrepareOnce(
            $"""
            SELECT position, maximum_timestamp, bytes_before + {SegmentPlace.BatchBytes}, appended_at FROM pipeline_batches
            WHERE position BETWEEN ?1 AND ?2 ORDER BY position DESC LIMIT 1
            """);

        public PartitionState Load(TopicPartition partition, int number)
        {
            _partition.Bind(1, number).Step();
            var start = _partition.Integer(0);
            var contents = new PartitionContents(start, start, 0, 0, long.MinValue, _partition.Integer(1));
            _partition.Reset();
            var lowest = BatchPosition.Of(number, 0);
            var highest = BatchPosition.Of(number, BatchPosition.MaximumOffset);
            if (_first.Bind(1, lowest).Bind(2, highest).Step())
            {
                _last.Bind(1, lowest).Bind(2, highest).Step();
                contents = contents with
                {
                    End = BatchPosition.OffsetOf(_last.Integer(0)) + 1,
                    BytesBefore = _first.Integer(0),
                    BytesThrough = _last.Integer(2),
                    MaximumTimestamp = BatchTimes.NewestOf(_last.Integer(1), _last.Integer(3)),
                    AppendedAt = BatchTimes.AppendOf(_last.Integer(1), _last.Integer(3)),
                };
                _first.Reset();
                _last.Reset();
            }

            return new(partition, number, contents);
        }

        public void Dispose()
        {
            _partition.Dispose();
            _first.Dispose();
            _last.Dispose();
        }
    }
}
