using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Pipeline.Grains;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>Calls that Orleans gives up waiting for. It does not withdraw them: they take effect later.</summary>
public sealed class UnansweredTests
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _runs;

    [Fact]
    public async Task A_seek_that_is_not_answered_in_time_says_that_it_may_still_take_effect_and_it_does()
    {
        await using var cluster = await TestCluster.StartAsync(
            pipelines => Define(pipelines, heedsCancellation: false),
            silos: 1,
            silo => silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(2)));
        await Numbers.AppendAsync(cluster.Store, 0, 3, only: 0);
        await _entered.Task;

        var error = await Assert.ThrowsAsync<PipelineUnansweredException>(async () => await cluster.Engine.SeekAsync(
            "copy",
            SeekTarget.End));
        Assert.StartsWith("Pipeline 'copy' did not answer the seek in time: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "The seek continues and may still take effect. Look at the pipeline's status before asking again.",
            error.Message,
            StringComparison.Ordinal);
        _gate.SetResult();
        await cluster.WhenCommittedAsync(Numbers.TaskOf(0), 3);
        Assert.Equal(0, (await cluster.Store.GetBoundsAsync(new(Numbers.Output, 0))).End);
    }

    [Fact]
    public async Task A_chunk_whose_worker_is_not_answering_is_cancelled_there_before_another_worker_gets_it()
    {
        await using var cluster = await TestCluster.StartAsync(
            pipelines => Define(pipelines, heedsCancellation: true),
            silos: 1,
            silo => silo.AddOutgoingGrainCallFilter(new GivesUp(_entered.Task)));
        await Numbers.AppendAsync(cluster.Store, 0, 3, only: 0);
        try
        {
            await _cancelled.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }
        finally
        {
            _gate.TrySetResult(); // or a step that was not cancelled would hold up the end of the test
        }

        await cluster.WhenCommittedAsync(Numbers.TaskOf(0), 3);

        Assert.Equal([0, 1, 2], await Numbers.ReadAsync(cluster.Store, new(Numbers.Output, 0)));
    }

    [Fact]
    public async Task A_status_reads_the_checkpoints_once_however_many_tasks_do_not_answer()
    {
        var (lists, isMute) = (0, false);
        await using var cluster = await TestCluster.StartAsync(
            pipelines => pipelines.Add("copy", pipeline => pipeline
                .From("numbers", Serializers.Text, partitions: Numbers.Partitions)
                .To(Sink.Topic("copies", Numbers.Partitions), key: null, Serializers.Text)),
            silos: 1,
            silo =>
            {
                var store = (ICheckpointStore)silo.Services.Last(service => service.ServiceType == typeof(ICheckpointStore)).ImplementationInstance!;
                silo.Services.AddSingleton(Interposed.Before(store, nameof(store.ListAsync), (_, answer) =>
                {
                    lists += isMute ? 1 : 0;
                    return answer;
                }));
                silo.AddOutgoingGrainCallFilter(new Mute(() => isMute));
            });

        isMute = true;
        var status = await cluster.Engine.GetStatusAsync("copy");

        Assert.Equal(RunState.Retrying, status.State);
        Assert.Equal(1, lists);
    }

    /// <summary>Defines a step whose first run waits until the test releases it, or until cancellation if it heeds that.</summary>
    private void Define(PipelineCatalog pipelines, bool heedsCancellation) => pipelines.Add("copy", pipeline => pipeline
        .From("numbers", Serializers.Text, partitions: Numbers.Partitions)
        .MapAsync(async (text, _, cancellationToken) =>
        {
            if (Interlocked.Increment(ref _runs) == 1)
            {
                using var cancelled = cancellationToken.Register(() => _cancelled.TrySetResult());
                _entered.SetResult();
                await _gate.Task.WaitAsync(heedsCancellation ? cancellationToken : CancellationToken.None);
            }

            return text;
        }, concurrency: 1)
        .To(Sink.Topic("copies", Numbers.Partitions), key: null, Serializers.Text));

    /// <summary>Lets no task answer what it is asked about itself.</summary>
    private sealed class Mute(Func<bool> isMute) : IOutgoingGrainCallFilter
    {
        public Task Invoke(IOutgoingGrainCallContext context) =>
            isMute() && context.InterfaceMethod is { Name: "ReportAsync" } method && method.DeclaringType == typeof(IPartitionGrain)
                ? throw new TimeoutException("No answer in time.")
                : context.Invoke();
    }

    /// <summary>Gives the first call of a worker up once it is under way, as Orleans does after the time that it has.</summary>
    private sealed class GivesUp(Task underWay) : IOutgoingGrainCallFilter
    {
        private int _calls;

        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            if (context.InterfaceMethod.DeclaringType == typeof(Grains.Workers.IWorkerGrain) && Interlocked.Increment(ref _calls) == 1)
            {
                context.Invoke().Ignore();
                await underWay;
                throw new TimeoutException("No answer in time.");
            }

            await context.Invoke();
        }
    }
}
