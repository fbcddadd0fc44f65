using System.ComponentModel;
using System.Text.Json.Serialization;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Pipelines;

/// <summary>Pipelines on the wire.</summary>
internal sealed record PipelineListBody([property: Description("The pipelines, by name.")] IReadOnlyList<PipelineStatus> Pipelines);

/// <summary>Nodes on the wire.</summary>
internal sealed record NodeListBody([property: Description("The processes that run pipelines, by name.")] IReadOnlyList<NodeStatus> Nodes);

/// <summary>Where a seek goes, on the wire.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SeekBody(
    [property: Description("Where to: start, end, offset or time.")] string? To = null,
    [property: Description("With to = offset: the offset.")] long? Offset = null,
    [property: Description("With to = time: the time, as ISO 8601.")] DateTimeOffset? Time = null,
    [property: Description("Only this stage. Left out: the pipeline's first.")] string? Stage = null,
    [property: Description("Only this partition. Left out: all.")] int? Partition = null)
{
    public SeekTarget ToTarget() => new()
    {
        Position = To switch
        {
            "start" => SeekPosition.Start,
            "end" => SeekPosition.End,
            "offset" when Offset is not null => SeekPosition.Offset,
            "time" when Time is not null => SeekPosition.Time,
            "offset" or "time" => throw new InvalidRequestException($"The seek goes to '{To}', but '{To}' itself is missing. Give it."),
            null => throw new InvalidRequestException("The seek says no 'to'. Give 'start', 'end', 'offset' or 'time'."),
            _ => throw new InvalidRequestException($"The seek's 'to' is '{To}'. Give 'start', 'end', 'offset' or 'time'."),
        },
        Offset = Offset,
        Time = Time,
        Stage = Stage,
        Partition = Partition,
    };
}
