using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Pipelines;

internal static class SeekRequests
{
    /// <exception cref="InvalidRequestException">The body has no valid target.</exception>
    public static SeekTarget ToTarget(this SeekBody body) => new()
    {
        Position = body.To switch
        {
            SeekBody.ToStart => SeekPosition.Start,
            SeekBody.ToEnd => SeekPosition.End,
            SeekBody.ToOffset when body.Offset is not null => SeekPosition.Offset,
            SeekBody.ToTime when body.Time is not null => SeekPosition.Time,
            SeekBody.ToOffset or SeekBody.ToTime => throw new InvalidRequestException(
                $"The seek goes to '{body.To}', but the property '{body.To}' is missing. Give it."),
            null => throw new InvalidRequestException("The seek has no 'to'. Give 'start', 'end', 'offset' or 'time'."),
            _ => throw new InvalidRequestException($"The seek's 'to' is '{body.To}'. Give 'start', 'end', 'offset' or 'time'."),
        },
        Offset = body.Offset,
        Time = body.Time,
        Stage = body.Stage,
        Partition = body.Partition,
    };
}
