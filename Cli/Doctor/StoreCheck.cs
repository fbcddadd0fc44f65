using System.Diagnostics;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Doctor;

/// <summary>
/// Measures the round trip of a commit. Opening a producer is a commit, and changes only the epoch of the doctor's own producer.
/// </summary>
internal sealed class StoreCheck(PipelineClient client, DoctorReport report)
{
    private const string Subject = "store";
    private const string ProducerName = "pipeline-doctor";
    private const int Commits = 3;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(250);

    /// <summary>Makes several commits and uses the fastest, because the others may have waited for other work.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var quickest = TimeSpan.MaxValue;
        try
        {
            for (var commit = 0; commit < Commits; commit++)
            {
                var start = Stopwatch.GetTimestamp();
                await client.Topics.OpenProducerAsync(ProducerName, cancellationToken);
                var elapsed = Stopwatch.GetElapsedTime(start);
                quickest = elapsed < quickest ? elapsed : quickest;
            }
        }
        catch (AccessDeniedException)
        {
            report.Ok(Subject, "commit latency was not measured: that needs the scope produce");
            return;
        }

        var text = $"a commit takes {quickest.TotalMilliseconds:0} ms, there and back";
        if (quickest > Slow)
        {
            report.Warn(
                Subject,
                text,
                "Everything waits for commits: look at the database's load, at its disk (how long an fsync takes), and at the way to it.");
        }
        else
        {
            report.Ok(Subject, text);
        }
    }
}
