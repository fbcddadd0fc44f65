using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Wire;

[Description("A list of pipelines.")]
internal sealed record PipelineListBody(
    [property: Description("The pipelines, by name.")] IReadOnlyList<PipelineStatus> Pipelines,
    [property: Description("The stages that have checkpoints and that no host defines any more. Left out: there are none.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyList<UndefinedStage>? Undefined = null);

[Description("What to let go of.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ForgetBody(
    [property: Description("Only this stage. Left out: every stage of the pipeline that no host defines.")] string? Stage = null);

[Description("What was let go of.")]
internal sealed record ForgottenBody(
    [property: Description("The stages, each with the topic that its checkpoints were on.")] IReadOnlyList<UndefinedStage> Forgotten);

[Description("A list of nodes.")]
internal sealed record NodeListBody([property: Description("The processes that run pipelines, by name.")] IReadOnlyList<NodeStatus> Nodes);

[Description("The target of a seek.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SeekBody(
    [property: Description("The target: start, end, offset or time.")] string? To = null,
    [property: Description("With to = offset: the offset.")] long? Offset = null,
    [property: Description("With to = time: the time, as ISO 8601 (UTC if it does not say) or milliseconds since 1970.")]
    [property: JsonConverter(typeof(TimeJsonConverter))] DateTimeOffset? Time = null,
    [property: Description("Only this stage. Left out: the pipeline's first.")] string? Stage = null,
    [property: Description("Only this partition. Left out: all.")] int? Partition = null)
{
    public const string ToStart = "start";
    public const string ToEnd = "end";
    public const string ToOffset = "offset";
    public const string ToTime = "time";

    public static SeekBody Of(SeekTarget target) => new(
        target.Position switch
        {
            SeekPosition.Start => ToStart,
            SeekPosition.End => ToEnd,
            SeekPosition.Offset => ToOffset,
            SeekPosition.Time => ToTime,
            _ => throw new ArgumentOutOfRangeException(
                nameof(target), target.Position, $"The seek position {target.Position} does not exist."),
        },
        target.Offset,
        target.Time,
        target.Stage,
        target.Partition);
}
