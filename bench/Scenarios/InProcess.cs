using Orleans.Pipeline.Bench.Measuring;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Embedded;

namespace Orleans.Pipeline.Bench.Scenarios;

/// <summary>
/// The whole pipeline in one process: producer → log → step → commit. With <paramref name="recordsBehind"/>, the log has that many records
/// before the pipeline starts, and the run measures how the pipeline catches up.
/// </summary>
internal sealed class InProcess(BenchFolder folder, PipelineProfile profile, int recordsBehind = 0)
{
    public async Task<Sample> RunAsync(Workload workload)
    {
        folder.Clear();
        await using var pipelines = await EmbeddedPipelines.StartAsync(
            folder.NewEngine(), CountingPipeline.Define(workload.Partitions, profile));
        if (recordsBehind > 0)
        {
            await pipelines.Engine.PauseAsync(CountingPipeline.Name);
            await PushAsync(pipelines, workload with { Records = recordsBehind });
        }

        var behind = await BytesAsync(pipelines, workload.Partitions);
        var stopper = Stopper.Start();
        if (recordsBehind > 0)
        {
            await pipelines.Engine.ResumeAsync(CountingPipeline.Name);
        }
        else
        {
            await PushAsync(pipelines, workload);
        }

        await WhenCaughtUpAsync(pipelines, workload.Partitions);
        var sample = stopper.Stop("pipeline", recordsBehind > 0 ? recordsBehind : workload.Records, 0);
        var bytes = await BytesAsync(pipelines, workload.Partitions);
        return sample with { Bytes = recordsBehind > 0 ? behind : bytes };
    }

    private async Task PushAsync(EmbeddedPipelines pipelines, Workload workload)
    {
        await using var producer = new Producer(pipelines.Topics, CountingPipeline.Topic, ProducerSettings.For(profile));
        await workload.PushAsync(producer);
    }

    private static async Task WhenCaughtUpAsync(EmbeddedPipelines pipelines, int partitions)
    {
        for (var partition = 0; partition < partitions; partition++)
        {
            var bounds = await pipelines.Topics.GetBoundsAsync(new(CountingPipeline.Topic, partition));
            await pipelines.Engine.WhenCommittedAsync(CountingPipeline.TaskOn(partition), bounds.End);
        }
    }

    private static async Task<long> BytesAsync(EmbeddedPipelines pipelines, int partitions)
    {
        var bytes = 0L;
        for (var partition = 0; partition < partitions; partition++)
        {
            bytes += (await pipelines.Topics.GetBoundsAsync(new(CountingPipeline.Topic, partition))).Bytes;
        }

        return bytes;
    }
}
