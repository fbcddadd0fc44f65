namespace Orleans.Pipeline.Operations;

/// <summary>The engine of a host that defines no pipelines.</summary>
internal sealed class NoPipelines : IPipelineEngine
{
    public ValueTask<IReadOnlyList<PipelineStatus>> ListStatusesAsync(CancellationToken cancellationToken = default) => new([]);

    public ValueTask<PipelineStatus> GetStatusAsync(string pipeline, CancellationToken cancellationToken = default) =>
        throw Unknown(pipeline);

    public ValueTask PauseAsync(string pipeline, CancellationToken cancellationToken = default) => throw Unknown(pipeline);

    public ValueTask ResumeAsync(string pipeline, CancellationToken cancellationToken = default) => throw Unknown(pipeline);

    public ValueTask SeekAsync(string pipeline, SeekTarget target, CancellationToken cancellationToken = default) =>
        throw Unknown(pipeline);

    public ValueTask DrainAsync(string pipeline, CancellationToken cancellationToken = default) => throw Unknown(pipeline);

    public ValueTask<long> GetLagAsync(TopicName topic, CancellationToken cancellationToken = default) => new(0L);

    public ValueTask<IReadOnlyList<UndefinedStage>> ListUndefinedAsync(CancellationToken cancellationToken = default) => new([]);

    public ValueTask<IReadOnlyList<UndefinedStage>> ForgetAsync(
        string pipeline, string? stage = null, CancellationToken cancellationToken = default) => throw Unknown(pipeline);

    public ValueTask<string?> FindFaultAsync(CancellationToken cancellationToken = default) => new((string?)null);

    public ValueTask<IReadOnlyList<string>> ListUsersAsync(TopicName topic, CancellationToken cancellationToken = default) => new([]);

    public ValueTask<IReadOnlyList<NodeStatus>> ListNodesAsync(CancellationToken cancellationToken = default) => new([]);

    private static UnknownPipelineException Unknown(string pipeline) => new(pipeline, []);
}
