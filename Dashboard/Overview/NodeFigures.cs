using Orleans.Pipeline.Dashboard.Sampling;
using Orleans.Pipeline.Dashboard.Text;

namespace Orleans.Pipeline.Dashboard.Overview;

/// <summary>The figures of a node of the graph, and of its edges.</summary>
/// <param name="Title">The node's title.</param>
/// <param name="Kind">The kind of node in a word.</param>
/// <param name="Href">The address of the node's page; null for none.</param>
/// <param name="Icon">The icon's name.</param>
/// <param name="Figures">The figures, as texts.</param>
/// <param name="State">The state of the stage's pipeline; null for other nodes.</param>
/// <param name="Tone"><c>warn</c> or <c>bad</c> if it needs attention, else null.</param>
/// <param name="Rate">Records per second through the node; null if that is not known.</param>
public sealed record NodeFigures(
    string Title, string Kind, string? Href, string Icon, IReadOnlyList<string> Figures, RunState? State, string? Tone, double? Rate)
{
    internal static NodeFigures Of(GraphNode node, Snapshot now, Recorder recorder) => node.Kind switch
    {
        GraphNodeKind.Topic => OfTopic(node, now, recorder),
        GraphNodeKind.Stage => OfStage(node, now, recorder),
        GraphNodeKind.Table => new(node.Name, "table", null, "table", [], null, null, null),
        _ => new(node.Name, "sink", null, "sink", [], null, null, null),
    };

    private static NodeFigures OfTopic(GraphNode node, Snapshot now, Recorder recorder)
    {
        var rate = recorder.Topic(node.Name).Appended.Recent(now.At);
        var records = now.Topic(node.Name)?.Records ?? 0;
        return new(node.Name, "topic", $"topics/{Uri.EscapeDataString(node.Name)}", "topic",
            [Format.Rate(rate), $"{Format.Count(records)} kept"], null, null, rate);
    }

    private static NodeFigures OfStage(GraphNode node, Snapshot now, Recorder recorder)
    {
        var href = $"pipelines/{Uri.EscapeDataString(node.Pipeline!)}";
        if (now.Pipeline(node.Pipeline!) is not { } pipeline
            || pipeline.Stages.FirstOrDefault(stage => stage.Name == node.Name) is not { } stage)
        {
            return new(node.Name, "stage", href, "pipeline", [], null, null, null);
        }

        var rate = recorder.Pipeline(pipeline.Name).Stage(stage.Name)?.Rate.Recent(now.At) ?? 0;
        var title = pipeline.Stages.Count == 1 ? pipeline.Name : $"{pipeline.Name} / {stage.Name}";
        var lag = stage.Tasks.Sum(task => task.Lag);
        var tone = stage.Tasks.Any(task => task.State == RunState.Stopped && task.Error is not null) ? "bad"
            : stage.Tasks.Any(task => task.Error is not null) ? "warn"
            : null;
        return new(title, "stage", href, "pipeline", [Format.Rate(rate), $"lag {Format.Count(lag)}"], pipeline.State, tone, rate);
    }
}
