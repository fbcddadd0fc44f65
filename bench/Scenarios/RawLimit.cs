using Orleans.Pipeline.Bench.Measuring;

namespace Orleans.Pipeline.Bench.Scenarios;

/// <summary>The physical limit: the bytes of the same batches appended to a file, fsync after each.</summary>
internal sealed class RawLimit(BenchFolder folder, int batchBytes = 1 << 20)
{
    public Task<Sample> RunAsync(Workload workload)
    {
        var batches = workload.Batches(batchBytes);
        folder.Clear();
        var stopper = Stopper.Start();
        using (var file = new FileStream(folder.NewFile(), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            foreach (var batch in batches)
            {
                file.Write(batch.Bytes.Span);
                file.Flush(flushToDisk: true);
            }
        }

        return Task.FromResult(stopper.Stop("limit", workload.Records, batches.Sum(batch => (long)batch.Bytes.Length)));
    }
}
