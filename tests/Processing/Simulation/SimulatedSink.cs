namespace Orleans.Pipeline.Processing.Tests.Simulation;

/// <summary>A sink outside the store that drops repeats by offset, as its interface requires.</summary>
internal sealed class SimulatedSink(Network network) : ISink<Item>
{
    private readonly Dictionary<(TaskId Task, long Offset), string> _values = [];

    /// <summary>Deliveries whose value of an offset differs from that of an earlier delivery.</summary>
    public List<string> Contradictions { get; } = [];

    public string? ValuesOf(TaskId task, long offset) => _values.GetValueOrDefault((task, offset));

    public async ValueTask OpenAsync(TaskId task, long nextOffset, CancellationToken cancellationToken)
    {
        await network.PauseAsync();
        network.MayFail("the sink did not open");
    }

    public async ValueTask WriteAsync(Delivery<Item> delivery, CancellationToken cancellationToken)
    {
        await network.PauseAsync();
        network.MayFail("the delivery was lost");
        foreach (var record in delivery.Values.GroupBy(value => value.Offset))
        {
            var text = string.Join(", ", record.Select(value => value.Value.Text));
            if (record.Key < delivery.FirstOffset || record.Key >= delivery.NextOffset || !IsFirstOrSame(delivery.Task, record.Key, text))
            {
                Contradictions.Add($"{delivery.Id}: {text}");
            }
        }

        await network.PauseAsync();
        network.MayFail("the sink's answer was lost");
    }

    private bool IsFirstOrSame(TaskId task, long offset, string text) =>
        _values.TryAdd((task, offset), text) || _values[(task, offset)] == text;
}
