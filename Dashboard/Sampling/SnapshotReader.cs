namespace Orleans.Pipeline.Dashboard.Sampling;

/// <summary>Reads the state of the engine and the store. The time and the number of concurrent reads are limited.</summary>
/// <param name="topics">The store.</param>
/// <param name="engine">The engine.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class SnapshotReader(ITopicStore topics, IPipelineEngine engine, TimeProvider timeProvider)
{
    private const int AtOnce = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Reads everything. A part that does not answer keeps its previous state.</summary>
    public async Task<Snapshot> ReadAsync(Snapshot before, CancellationToken cancellationToken)
    {
        var outages = new List<Outage>();
        var pipelines = AskAsync(
            Outage.Engine, PipelinesAsync, before, known => (known.Pipelines, known.Undefined), outages, cancellationToken);
        var store = AskAsync(Outage.Store, StoreAsync, before, known => (known.Topics, known.StoreBytes), outages, cancellationToken);
        var nodes = AskAsync(Outage.Nodes, ListNodesAsync, before, known => known.Nodes, outages, cancellationToken);
        await Task.WhenAll(pipelines, store, nodes);
        var (statuses, undefined) = await pipelines;
        var (states, bytes) = await store;
        return new Snapshot
        {
            At = timeProvider.GetUtcNow(),
            Pipelines = statuses,
            Undefined = undefined,
            Topics = states,
            StoreBytes = bytes,
            Nodes = await nodes,
            Outages = outages,
        };
    }

    private async Task<T> AskAsync<T>(
        string part, Func<CancellationToken, Task<T>> ask, Snapshot before, Func<Snapshot, T> known, List<Outage> outages,
            CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        string reason;
        try
        {
            return await ask(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            reason = $"There was no answer within {Patience.TotalSeconds:0} seconds.";
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            reason = failure.Message;
        }

        var since = before.Outages.FirstOrDefault(outage => outage.Part == part)?.Since ?? timeProvider.GetUtcNow();
        lock (outages)
        {
            outages.Add(new Outage(part, reason, since));
        }

        return known(before);
    }

    private async Task<(IReadOnlyList<PipelineStatus> Statuses, IReadOnlyList<UndefinedStage> Undefined)> PipelinesAsync(
        CancellationToken cancellationToken) =>
        (await engine.ListStatusesAsync(cancellationToken), await engine.ListUndefinedAsync(cancellationToken));

    private async Task<IReadOnlyList<NodeStatus>> ListNodesAsync(CancellationToken cancellationToken) =>
        await engine.ListNodesAsync(cancellationToken);

    private async Task<(IReadOnlyList<TopicState> Topics, long? Bytes)> StoreAsync(CancellationToken cancellationToken) =>
        (await TopicsAsync(cancellationToken), await topics.GetSizeAsync(cancellationToken));

    private async Task<IReadOnlyList<TopicState>> TopicsAsync(CancellationToken cancellationToken)
    {
        var descriptions = await topics.ListTopicsAsync(cancellationToken);
        var states = new TopicState?[descriptions.Count];
        await Parallel.ForAsync(0, states.Length,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (index, token) =>
        {
            try
            {
                states[index] = new TopicState(descriptions[index], await topics.GetTopicBoundsAsync(descriptions[index].Topic, token));
            }
            catch (UnknownTopicException)
            {
                // The topic was deleted meanwhile.
            }
        });
        return [.. states.OfType<TopicState>()];
    }
}
