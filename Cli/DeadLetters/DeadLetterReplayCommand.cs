using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.DeadLetters;

/// <summary>Replays dead letters.</summary>
internal sealed class DeadLetterReplayCommand() : DeadLetterSettleCommand(
    "replay", "Send the records of dead letters to the stage that gave them up, once; those that fail again become new dead letters.")
{
    protected override string Done => "replayed";

    protected override string Consequence(string which) => $"This replays {which}: the stage that gave the records up processes them again.";

    protected override ValueTask<long> SettleAsync(PipelineAdmin admin, string pipeline, DeadLetterFilter filter, CancellationToken cancellationToken) =>
        admin.ReplayDeadLettersAsync(pipeline, filter, cancellationToken);
}
