using Orleans.Pipeline.Testing.Memory;

namespace Orleans.Pipeline.Testing.Results;

/// <summary>Reads the tables and topics of a test's database by their names.</summary>
internal sealed class Contents(MemoryDatabase database, PipelineCatalog catalog)
{
    private readonly TopicValues _values = new(catalog);

    public IEnumerable<string> TableNames => catalog.Pipelines
        .SelectMany(pipeline => pipeline.Stages).SelectMany(stage => stage.Tables).Select(table => table.Name)
        .Distinct().Order(StringComparer.Ordinal);

    public TopicValues Values => _values;

    /// <exception cref="PipelineTestException">No pipeline writes the table.</exception>
    public TestTable GetTable(string name) => TableNames.Contains(name)
        ? Read(state => new TestTable(state.Tables.Get(name).Schema, state.Tables.Get(name).Rows))
        : throw Names.Unknown($"No pipeline writes a table '{name}'", name, "Tables that are written", TableNames);

    /// <exception cref="PipelineTestException">There is no such topic.</exception>
    public TestTopic GetTopic(string name) => Read(state =>
    {
        var topic = state.Topics.FirstOrDefault(topic => topic.Key.Value == name).Value
            ?? throw Names.Unknown($"There is no topic '{name}'", name, "Topics", state.Topics.Keys.Select(topic => topic.Value));
        var records = new List<TestRecord>();
        foreach (var partition in topic.Partitions)
        {
            foreach (var batch in partition.Read(partition.Bounds.Start, int.MaxValue))
            {
                foreach (var record in batch.Decompress())
                {
                    records.Add(new TestRecord(partition.Partition, record, _values));
                }
            }
        }

        return new TestTopic(records);
    });

    public IReadOnlyList<TopicName> ListTopics() => Read(state => state.Topics.Keys.ToList());

    private T Read<T>(Func<MemoryState, T> read) => database.Run(read);
}
