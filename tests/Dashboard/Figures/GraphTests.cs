using Orleans.Pipeline.Dashboard.Overview;

namespace Orleans.Pipeline.Dashboard.Tests.Figures;

public sealed class GraphTests
{
    [Fact]
    public void Each_node_stands_right_of_all_that_it_takes_from()
    {
        var graph = Graph.Of([PipelineOf("shop", ("parse", "orders", ["orders.parsed"]), ("bill", "orders.parsed", ["bills"])), PipelineOf(
            "audit",
            ("copy", "bills", ["archive"]))]);

        Assert.All(graph.Edges, edge => Assert.True(edge.From.Column < edge.To.Column, $"{edge.From.Id} → {edge.To.Id}"));
        Assert.Equal(7, graph.Columns);
        Assert.Equal(7, graph.Nodes.Count);
    }

    [Fact]
    public void Nodes_of_a_column_do_not_touch()
    {
        var graph = Graph.Of([.. Enumerable.Range(0, 6).Select(number => PipelineOf(
            $"p{number}",
            ("s", "in", [$"out{number}", $"more{number}"])))]);

        foreach (var column in graph.Nodes.GroupBy(node => node.Column))
        {
            var tops = column.Select(node => node.Top).Order().ToList();
            Assert.All(tops.Zip(tops.Skip(1)), pair => Assert.True(pair.Second - pair.First >= Graph.NodeHeight));
        }

        Assert.Equal(0, graph.Nodes.Min(node => node.Top));
    }

    [Fact]
    public void A_way_that_leads_back_ends_the_columns()
    {
        var graph = Graph.Of([PipelineOf("loop", ("there", "a", ["b"]), ("back", "b", ["a"]))]);

        Assert.Equal(4, graph.Nodes.Count);
        Assert.InRange(graph.Columns, 1, 4);
    }

    [Fact]
    public void Each_node_is_walked_once_below_what_it_takes_from()
    {
        var graph = Graph.Of([PipelineOf("shop", ("parse", "orders", ["parsed", "errors"]), ("bill", "parsed", ["bills"]))]);

        Assert.Equal(
            ["topic:orders 0", "stage:shop/parse 1", "topic:errors 2", "topic:parsed 2", "stage:shop/bill 3", "topic:bills 4"],
            graph.Walk().Select(step => $"{step.Node.Id} {step.Depth}"));
    }

    private static PipelineStatus PipelineOf(string name, params (string Name, string Source, string[] Outputs)[] stages) => new()
    {
        Name = name,
        State = RunState.Running,
        Profile = "Balanced",
        Stages = [.. stages.Select(stage => StageOf(stage.Name, stage.Source, stage.Outputs))],
        Processed = 0,
        DeadLetters = 0,
        Lag = 0,
        RecordsPerSecond = 0,
        Latency = new LatencyStatus(0, 0, 0, 0),
        DeadLetterTopic = new TopicName($"{name}.dead-letters"),
        Settings = new()
        {
            BatchBytes = 1,
            LingerMs = 0,
            ReadAheadBytes = 1,
            ReadBytes = 1,
            ChunkRecords = 1,
            CommitIntervalMs = 0,
            CommitBytes = 1,
            Workers = 1,
            Attempts = 1,
        },
        BytesPerSecond = 0,
    };

    private static StageStatus StageOf(string name, string source, string[] outputs) => new(
        name,
        source,
        [],
        [],
        [.. outputs.Select(output => new SinkStatus(SinkKind.Topic, output, RecordsPerSecond: 0))],
        new WorkersStatus(0, 0, 2));
}
